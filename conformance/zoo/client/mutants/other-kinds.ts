import { isMessage, type Message, misreadingEntries } from "../messages.ts";
import type { ClientMutant } from "../mutant.ts";
import { misreadingV1Entries } from "../v1-messages.ts";
import { ofBothPermits } from "./of-both-permits.ts";

/** Clients that sign as ever for what is of another chain, scheme or method. */
export const otherKindMutants: readonly ClientMutant[] = [
  {
    id: "knows-one-chain",
    breaks: "Signs for its own chain, whichever EVM network the entry names.",
    caughtBy: ["client.authorization.chain-of-the-entry", ...ofBothPermits("chain-of-the-entry")],
    build: misreadingEntries((entry) =>
      entry.network === "eip155:1" ? { ...entry, network: "eip155:84532" } : undefined,
    ),
  },
  {
    id: "v1-knows-one-chain",
    breaks: "Signs for Base Sepolia when a v1 entry names Base.",
    caughtBy: ["client.v1.chain-of-the-entry"],
    build: misreadingV1Entries((entry) =>
      entry.network === "base" ? { ...entry, network: "base-sepolia" } : undefined,
    ),
  },
  {
    id: "takes-permit2-for-eip3009",
    breaks: "Signs an EIP-3009 authorization when Permit2 is asked for.",
    caughtBy: ["client.authorization.not-for-permit2", "client.upto.accepted"],
    build: misreadingEntries((entry) => {
      const { assetTransferMethod, ...extra }: Message = isMessage(entry.extra) ? entry.extra : {};
      return assetTransferMethod === "permit2" ? { ...entry, extra } : undefined;
    }),
  },
  {
    id: "takes-upto-for-exact",
    breaks: "Signs for the most that an entry of scheme upto may cost.",
    caughtBy: [
      "client.authorization.not-for-upto",
      "client.upto.spender",
      "client.upto.signature",
      "client.upto.facilitator",
    ],
    build: misreadingEntries((entry) =>
      entry.scheme === "upto" ? { ...entry, scheme: "exact" } : undefined,
    ),
  },
];
