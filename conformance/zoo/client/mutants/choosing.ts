import { clientSteps } from "#sandbox";
import { firstEntry, forgery, isMessage, type Message, misreading, misreadingEntries } from "../messages.ts";
import { type ClientMutant, replacing, withSteps } from "../mutant.ts";

const forgedEntry = firstEntry(forgery);

/** Clients that pay entries that should be left alone, or leave alone what should be paid. */
export const choosingMutants: readonly ClientMutant[] = [
  {
    id: "knows-every-scheme",
    breaks: "Pays an entry of an unknown scheme as if it were exact.",
    caughtBy: ["client.challenge.nothing-supported", "client.entries.unknown-scheme-first"],
    build: misreadingEntries((entry) =>
      entry.scheme === "exact" ? undefined : { ...entry, scheme: "exact" },
    ),
  },
  {
    id: "knows-every-flow",
    breaks: "Pays whatever the payment flow.",
    caughtBy: ["client.entries.unknown-flow", "client.entries.prefers-authorization"],
    build: overlookingFlows(() => true),
  },
  {
    id: "prefers-upfront",
    breaks: "Prefers to pay in advance.",
    caughtBy: ["client.entries.prefers-authorization"],
    build: overlookingFlows((flow) => flow === "upfront"),
  },
  ...[
    {
      id: "counts-numbers",
      breaks: "Pays an amount that is a JSON number.",
      caught: "number",
      read: (amount: unknown) => (typeof amount === "number" ? String(amount) : undefined),
    },
    {
      id: "counts-dollars",
      breaks: "Pays a decimal fraction as so many dollars.",
      caught: "decimal",
      read: (amount: unknown) =>
        String(amount).includes(".") ? String(Number(amount) * 1_000_000) : undefined,
    },
    {
      id: "counts-in-sixteens",
      breaks: "Pays an amount in hexadecimal.",
      caught: "hex",
      read: (amount: unknown) => (/^0x/.test(String(amount)) ? String(BigInt(String(amount))) : undefined),
    },
    {
      id: "drops-the-sign",
      breaks: "Pays what it would have been paid.",
      caught: "negative",
      read: (amount: unknown) => (/^-/.test(String(amount)) ? String(amount).slice(1) : undefined),
    },
    {
      id: "guesses-prices",
      breaks: "Pays what things usually cost when it cannot read the price.",
      caught: "words",
      read: (amount: unknown) => (/^[a-z]+$/.test(String(amount)) ? "1000" : undefined),
    },
  ].map(({ id, breaks, caught, read }) => ({
    id,
    breaks,
    caughtBy: [`client.entries.amount-${caught}`],
    build: misreadingEntries((entry) => {
      const amount = read(entry.amount);
      return amount === undefined ? undefined : { ...entry, amount };
    }),
  })),
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
    caughtBy: ["client.entries.unknown-method"],
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
    id: "has-no-limit",
    breaks: "Pays any price.",
    caughtBy: [
      "client.entries.absurd-price",
      "client.entries.eighteen-decimals",
      "client.entries.dear-then-cheap",
      "client.v1.absurd-price",
      "client.v1.dear-then-cheap",
    ],
    build: replacing("checkPolicy", (original, reached) => (choice, policy) => {
      if (choice.amount > 1_000_000n) reached();
      return original(choice, { ...policy, maxAmount: 2n ** 256n });
    }),
  },
  {
    id: "checks-one-signs-another",
    breaks: "Checks the limit on the first entry, and signs the last.",
    caughtBy: ["client.entries.cheap-then-dear"],
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
      "client.entries.asset-of-another-network",
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
    id: "mends-lifetimes",
    breaks: "Takes a timeout of nothing for five minutes.",
    caughtBy: ["client.entries.no-lifetime"],
    build: misreadingEntries((entry) =>
      entry.maxTimeoutSeconds === 0 ? { ...entry, maxTimeoutSeconds: 300 } : undefined,
    ),
  },
  {
    id: "believes-lifetimes",
    breaks: "Signs for as long as it is told to, be it ten years.",
    caughtBy: ["client.entries.endless-lifetime", "client.v1.entries-endless-lifetime"],
    build: replacing("authorize", (original, reached) => (choice, payer, now) => {
      const { maxTimeoutSeconds } = choice.requirements;
      if (maxTimeoutSeconds > 3_600) reached();
      return { ...original(choice, payer, now), validBefore: String(now + maxTimeoutSeconds) };
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
