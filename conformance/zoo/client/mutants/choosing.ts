import { clientSteps } from "#sandbox";
import { firstEntry, forgery, isMessage, type Message, misreading, misreadingEntries } from "../messages.ts";
import { type ClientMutant, replacing, withSteps } from "../mutant.ts";
import { ofBothPermits } from "./of-both-permits.ts";

const usdcOfBase = "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913";

const forgedEntry = firstEntry(forgery);

/** Clients that pay entries that should be left alone, or leave alone what should be paid. */
export const choosingMutants: readonly ClientMutant[] = [
  {
    id: "knows-every-scheme",
    breaks: "Pays an entry of an unknown scheme as if it were exact.",
    caughtBy: [
      "client.challenge.nothing-supported",
      "client.entries.unknown-scheme-first",
      "client.authorization.not-for-upto",
      "client.upto.spender",
      "client.upto.signature",
      "client.upto.facilitator",
    ],
    build: misreadingEntries((entry) =>
      entry.scheme === "exact" || entry.scheme === undefined ? undefined : { ...entry, scheme: "exact" },
    ),
  },
  {
    id: "knows-every-flow",
    breaks: "Pays whatever the payment flow.",
    caughtBy: [
      "client.entries.unknown-flow",
      "client.entries.prefers-authorization",
      ...ofBothPermits("unknown-flow"),
    ],
    build: overlookingFlows(() => true),
  },
  {
    id: "prefers-upfront",
    breaks: "Prefers to pay in advance.",
    caughtBy: ["client.entries.prefers-authorization"],
    build: overlookingFlows((flow) => flow === "upfront"),
  },
  {
    id: "guesses-domains",
    breaks: "Signs under USDC's usual domain when the entry gives none.",
    caughtBy: ["client.entries.no-domain-name", "client.entries.no-domain-version"],
    build: misreadingEntries((entry) => {
      const { name, version } = extraOf(entry);
      if (name !== undefined && version !== undefined) return undefined;
      return { ...entry, extra: { name: "USDC", version: "2", ...extraOf(entry) } };
    }),
  },
  {
    id: "knows-every-method",
    breaks: "Takes every transfer method for EIP-3009.",
    caughtBy: [
      "client.entries.unknown-method",
      "client.authorization.not-for-permit2",
      "client.upto.accepted",
    ],
    build: misreadingEntries((entry) => {
      const { assetTransferMethod, ...extra } = extraOf(entry);
      return assetTransferMethod === undefined ? undefined : { ...entry, extra };
    }),
  },
  {
    id: "knows-old-names",
    breaks: "Takes a plain v1 network name in a v2 challenge.",
    caughtBy: ["client.entries.v1-network-name"],
    build: misreadingEntries((entry) =>
      entry.network === "base-sepolia" ? { ...entry, network: "eip155:84532" } : undefined,
    ),
  },
  {
    id: "overlooks-strange-letters",
    breaks: "Overlooks letters in a network that nobody can see.",
    caughtBy: ["client.entries.look-alike-network"],
    build: misreadingEntries((entry) => {
      const network = String(entry.network).replaceAll(/[^ -~]/g, "");
      return network === entry.network ? undefined : { ...entry, network };
    }),
  },
  {
    id: "counts-in-hex",
    breaks: "Reads the number of a network in any notation.",
    caughtBy: ["client.entries.network-in-hex"],
    build: misreadingEntries((entry) => {
      const [, number] = /^eip155:(0x.*)$/.exec(String(entry.network)) ?? [];
      return number === undefined ? undefined : { ...entry, network: `eip155:${Number(number)}` };
    }),
  },
  {
    id: "overlooks-namespaces",
    breaks: "Goes by the number of a network, whatever its namespace.",
    caughtBy: ["client.entries.network-of-another-namespace"],
    build: misreadingEntries((entry) => {
      const [namespace, number] = String(entry.network).split(":");
      return namespace === "eip155" || number !== "84532"
        ? undefined
        : { ...entry, network: `eip155:${number}` };
    }),
  },
  {
    id: "believes-decimals",
    breaks: "Counts the price in the decimals that `extra` names before it holds it against the limit.",
    caughtBy: ["client.entries.decimals-in-extra"],
    build: replacing("checkPolicy", (original, reached) => (choice, policy) => {
      const { decimals } = extraOf(choice.requirements);
      if (decimals !== 18) return original(choice, policy);
      reached();
      return original({ ...choice, amount: choice.amount / 10n ** 12n }, policy);
    }),
  },
  {
    id: "knows-one-list-of-tokens",
    breaks: "Takes the USDC of another network for that of the entry's own.",
    caughtBy: ["client.entries.asset-of-the-sister-network"],
    build: replacing("checkPolicy", (original, reached) => (choice, policy) => {
      if (choice.requirements.asset !== usdcOfBase) return original(choice, policy);
      reached();
      return original(choice, { ...policy, allowedAssets: [usdcOfBase] });
    }),
  },
  {
    id: "has-no-limit",
    breaks: "Pays any price.",
    caughtBy: [
      "client.limits.over-by-one",
      "client.v1.limits-over-by-one",
      ...ofBothPermits("limits-over-by-one"),
      "client.entries.absurd-price",
      "client.entries.decimals-in-extra",
      "client.entries.eighteen-decimals",
      "client.entries.price-beyond-64-bits",
      "client.v1.entries-price-beyond-64-bits",
      "client.entries.dear-then-cheap",
      "client.permit2.absurd-price",
      "client.upto.absurd-price",
      "client.v1.absurd-price",
      "client.v1.dear-then-cheap",
      ...ofBothPermits("dear-then-cheap"),
    ],
    build: replacing("checkPolicy", (original, reached) => (choice, policy) => {
      if (choice.amount > 1_000_000n) reached();
      return original(choice, { ...policy, maxAmount: 2n ** 256n });
    }),
  },
  {
    id: "counts-in-64-bits",
    breaks: "Holds the last 64 bits of a price against its limit.",
    caughtBy: ["client.entries.price-beyond-64-bits", "client.v1.entries-price-beyond-64-bits"],
    build: replacing("checkPolicy", (original, reached) => (choice, policy) => {
      const amount = BigInt.asIntN(64, choice.amount);
      if (amount === choice.amount) return original(choice, policy);
      reached();
      return original({ ...choice, amount }, policy);
    }),
  },
  {
    id: "misses-the-limit-by-one",
    breaks: "Pays one unit more than its limit.",
    caughtBy: [
      "client.limits.over-by-one",
      "client.v1.limits-over-by-one",
      ...ofBothPermits("limits-over-by-one"),
    ],
    build: replacing("checkPolicy", (original, reached) => (choice, policy) => {
      const { maxAmount } = policy;
      if (maxAmount === undefined) return original(choice, policy);
      if (choice.amount === maxAmount + 1n) reached();
      return original(choice, { ...policy, maxAmount: maxAmount + 1n });
    }),
  },
  {
    id: "stops-before-the-limit",
    breaks: "Refuses a price that is its limit.",
    caughtBy: ["client.limits.met", "client.v1.limits-met", ...ofBothPermits("limits-met")],
    build: replacing("checkPolicy", (original, reached) => (choice, policy) => {
      const { maxAmount } = policy;
      if (maxAmount === undefined || choice.amount !== maxAmount) return original(choice, policy);
      reached();
      return original(choice, { ...policy, maxAmount: maxAmount - 1n });
    }),
  },
  {
    id: "checks-one-signs-another",
    breaks: "Checks the limit on the first entry, and signs the last.",
    caughtBy: ["client.entries.cheap-then-dear", ...ofBothPermits("cheap-then-dear")],
    build: withSteps((reached) => {
      let checked = false;
      return {
        choose: (challenge, selection) => {
          const choice = clientSteps.choose(challenge, selection);
          checked = true;
          const last = { ...challenge, entries: challenge.entries.slice(-1) };
          const other = clientSteps.choose(last, { ...selection, denial: () => undefined });
          if (other.amount !== choice.amount) reached();
          return other;
        },
        checkPolicy: (...order) => (checked ? undefined : clientSteps.checkPolicy(...order)),
      };
    }),
  },
  {
    id: "believes-token-names",
    breaks: "Pays in any token that calls itself USDC.",
    caughtBy: [
      "client.entries.look-alike-asset",
      "client.entries.worthless-token",
      "client.entries.asset-of-another-network",
      "client.entries.asset-of-the-sister-network",
      "client.permit2.look-alike-asset",
      "client.upto.look-alike-asset",
      "client.v1.look-alike-asset",
    ],
    build: replacing("checkPolicy", (original, reached) => (choice, policy) => {
      if (choice.requirements.asset !== forgedEntry?.asset) reached();
      return original(choice, { ...policy, allowedAssets: "any" });
    }),
  },
  {
    id: "looks-at-the-first-only",
    breaks: "Refuses when the first entry cannot be paid.",
    caughtBy: [
      "client.entries.unknown-scheme-first",
      "client.entries.other-namespace-first",
      "client.v1.unknown-scheme-first",
    ],
    build: replacing("choose", (original, reached) => (challenge, ...rest) => {
      if (challenge.entries.length > 1) reached();
      return original({ ...challenge, entries: challenge.entries.slice(0, 1) }, ...rest);
    }),
  },
  {
    id: "follows-many-entries",
    breaks: "Pays somebody else when a challenge has more entries than it can count.",
    caughtBy: ["client.size.many-entries"],
    build: misreading((challenge) =>
      Array.isArray(challenge.accepts) && challenge.accepts.length > 20 ? forgery : undefined,
    ),
  },
];

/** Pays entries with certain flows as if they stated none; `accepted` stays as it was offered. */
function overlookingFlows(overlooked: (flow: unknown) => boolean): ClientMutant["build"] {
  return replacing("support", (original, reached) => (offered) => {
    const { requirements } = offered;
    const { paymentFlow, ...extra } = extraOf(requirements);
    if (paymentFlow === undefined || !overlooked(paymentFlow)) return original(offered);
    reached();
    const entry = original({ ...offered, requirements: { ...requirements, extra } });
    return entry.ok ? { ...entry, value: { ...entry.value, requirements } } : entry;
  });
}

function extraOf({ extra }: Message): Message {
  return isMessage(extra) ? extra : {};
}
