import { bytesToHex, isAddress } from "viem";
import { PaymentError } from "#sandbox";
import {
  isMessage,
  type Message,
  misreadingEntries,
  misstating,
  nobody,
  part,
  signingAgain,
} from "../messages.ts";
import { type ClientMutant, replacing } from "../mutant.ts";
import { permitting, permittingTransfer } from "../permitting.ts";
import { ofBothPermits } from "./of-both-permits.ts";

/** Clients that pay by Permit2 otherwise than they were asked. */
export const permitMutants: readonly ClientMutant[] = [
  {
    id: "permits-another-spender",
    breaks: "Permits somebody else than x402's proxy to take the money.",
    caughtBy: ofBothPermits("spender"),
    build: permitting((choice) => ({ ...choice, spender: nobody })),
  },
  {
    id: "permits-somebody-else",
    breaks: "Permits a transfer to somebody else than payTo.",
    caughtBy: ofBothPermits("payee"),
    build: permittingTransfer((transfer) => ({ ...transfer, to: nobody })),
  },
  {
    id: "permits-another-token",
    breaks: "Permits a transfer of another token.",
    caughtBy: ofBothPermits("token"),
    build: permitting((choice) => ({ ...choice, asset: nobody })),
  },
  {
    id: "permits-a-tip",
    breaks: "Permits a little more than was asked.",
    caughtBy: ofBothPermits("amount"),
    build: permittingTransfer((transfer) => ({ ...transfer, value: String(BigInt(transfer.value) + 1n) })),
  },
  {
    id: "permits-on-another-chain",
    breaks: "Signs permits for the main network, whatever the entry says.",
    caughtBy: ofBothPermits("signature"),
    build: permitting((choice) => ({ ...choice, chainId: 8453 })),
  },
  {
    id: "sends-numbers-in-permits",
    breaks: "Sends the deadline of a permit as a JSON number.",
    caughtBy: ofBothPermits("numbers-are-strings"),
    build: misstating((payment) => {
      const payload = part(payment, "payload");
      const permit = part(payload, "permit2Authorization");
      if (permit.deadline === undefined) return undefined;
      const changed = { ...permit, deadline: Number(permit.deadline) };
      return { ...payment, payload: { ...payload, permit2Authorization: changed } };
    }),
  },
  {
    id: "permits-for-later",
    breaks: "Signs a permit that is valid in a minute.",
    caughtBy: ofBothPermits("valid-now"),
    build: permittingTransfer((transfer) => ({ ...transfer, validAfter: inSeconds(60) })),
  },
  {
    id: "ignores-the-timeout-of-permits",
    breaks: "Signs every permit for an hour.",
    caughtBy: ofBothPermits("valid-in-time", "not-from-extra"),
    build: permittingTransfer((transfer) => ({ ...transfer, validBefore: inSeconds(3_600) })),
  },
  {
    id: "has-one-nonce-for-permits",
    breaks: "Uses the same nonce for every permit.",
    caughtBy: ofBothPermits("nonce-is-fresh", "nonce-for-the-same"),
    build: permittingTransfer((transfer) => ({ ...transfer, nonce: theOneNonce })),
  },
  {
    id: "counts-permits",
    breaks: "Numbers its permits instead of drawing a nonce.",
    caughtBy: ofBothPermits("nonce-is-fresh"),
    build: permittingTransfer((transfer) => {
      count += 1;
      return { ...transfer, nonce: bytesToHex(new Uint8Array([count >> 8, count & 255]), { size: 32 }) };
    }),
  },
  {
    id: "makes-permits-of-math-random",
    breaks: "Makes the nonce of a permit by Math.random.",
    caughtBy: ofBothPermits("nonce-is-fresh"),
    build: permittingTransfer((transfer) => {
      const bytes = Uint8Array.from({ length: 32 }, () => Math.floor(Math.random() * 256));
      return { ...transfer, nonce: bytesToHex(bytes) };
    }),
  },
  {
    id: "has-no-limit-for-permits",
    breaks: "Holds no permit against the limit.",
    caughtBy: ofBothPermits("absurd-price", "dear-then-cheap", "limits-over-by-one"),
    build: replacing("checkPolicy", (original, reached) => (choice, policy) => {
      if (choice.method === "eip3009" || choice.amount <= 1_000_000n) return original(choice, policy);
      reached();
      return original(choice, { ...policy, maxAmount: choice.amount });
    }),
  },
  {
    id: "permits-any-token",
    breaks: "Permits a transfer of any token that calls itself USDC.",
    caughtBy: ofBothPermits("look-alike-asset"),
    build: replacing("checkPolicy", (original, reached) => (choice, policy) => {
      if (choice.method === "eip3009") return original(choice, policy);
      reached();
      return original(choice, { ...policy, allowedAssets: "any" });
    }),
  },
  {
    id: "permits-again-without-allowance",
    breaks: "Signs another permit when it is told that Permit2 has no allowance.",
    caughtBy: ofBothPermits("without-allowance-412", "without-allowance-402"),
    build: signingAgain(({ code }) => code === "permit2-allowance-required"),
  },
  {
    id: "keeps-the-missing-allowance-to-itself",
    breaks: "Tells its caller nothing of an allowance that is missing.",
    caughtBy: ofBothPermits("allowance-is-asked-of-the-caller"),
    build: replacing("conclude", (original, reached) => async (...answer) => {
      try {
        return await original(...answer);
      } catch (error) {
        if (!(error instanceof PaymentError && error.code === "permit2-allowance-required")) throw error;
        reached();
        throw new Error("It did not work.");
      }
    }),
  },
  {
    id: "lets-the-payee-settle",
    breaks: "Signs upto for its payee in place of the facilitator.",
    caughtBy: ["client.upto.facilitator"],
    build: permitting((choice) =>
      choice.facilitator === undefined ? undefined : { ...choice, facilitator: choice.payTo },
    ),
  },
  {
    id: "knows-one-facilitator",
    breaks: "Signs upto for the facilitator that it knows when an entry names another.",
    caughtBy: ["client.upto.another-facilitator"],
    build: permitting((choice) => {
      if (choice.facilitator === undefined) return undefined;
      if (choice.facilitator !== nobody) known = choice.facilitator;
      return choice.facilitator === known ? undefined : { ...choice, facilitator: known };
    }),
  },
  {
    id: "guesses-facilitators",
    breaks: "Signs upto for its own idea of a facilitator when the entry names none.",
    caughtBy: ["client.upto.without-facilitator"],
    build: misreadingUpto((extra) =>
      extra.facilitatorAddress === undefined ? { ...extra, facilitatorAddress: nobody } : undefined,
    ),
  },
  {
    id: "mends-facilitators",
    breaks: "Signs upto for its own idea of a facilitator when the entry names something that is no address.",
    caughtBy: ["client.upto.facilitator-is-no-address"],
    build: misreadingUpto((extra) => {
      const { facilitatorAddress: told } = extra;
      return typeof told === "string" && !isAddress(told)
        ? { ...extra, facilitatorAddress: nobody }
        : undefined;
    }),
  },
];

/** Reads the `extra` of upto otherwise; as it is where `change` gives `undefined`. */
function misreadingUpto(change: (extra: Message) => Message | undefined): ClientMutant["build"] {
  return misreadingEntries((entry) => {
    const extra = entry.scheme === "upto" && isMessage(entry.extra) ? change(entry.extra) : undefined;
    return extra === undefined ? undefined : { ...entry, extra };
  });
}

function inSeconds(seconds: number): string {
  return String(Math.floor(Date.now() / 1000) + seconds);
}

const theOneNonce = bytesToHex(crypto.getRandomValues(new Uint8Array(32)));

/** The facilitator that was named last. */
let known: `0x${string}` = nobody;

/** How many permits were numbered. */
let count = 0;
