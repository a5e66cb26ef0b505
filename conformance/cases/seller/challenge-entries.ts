import {
  type AcceptsEntry,
  acceptsEntries,
  type Dialect,
  describeJson,
  Finding,
  field,
  NotApplicable,
  probableNetwork,
  Unproven,
} from "../../engine/index.ts";
import { type Case, challenge, defineCase, expectField, isSignedUnder } from "../../engine/seller/index.ts";

/** What every entry of `accepts` must say, one field at a time. */
export const challengeEntryCases: readonly Case[] = [
  everyEntry({
    id: "seller.challenge.entry-fields-are-strings",
    requirement: "S-CH-09",
    title:
      "Every entry of `accepts` has scheme, network, amount, asset and payTo; all but the amount are strings",
    holds: (entry) => {
      for (const key of ["scheme", "network", "asset", "payTo"]) {
        expectField(entry, key, "a non-empty string", (value) => typeof value === "string" && value !== "");
      }
      expectField(entry, "amount", "present", (value) => value !== undefined);
    },
  }),
  everyEntry({
    id: "seller.challenge.network-is-caip2",
    requirement: "S-CH-10",
    title: "Every `network` is a CAIP-2 name such as eip155:84532",
    holds: (entry) => {
      const network = requiredString(entry, "network");
      if (/^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}$/.test(network)) return;
      throw new Finding(
        "`network` is not a CAIP-2 name.",
        probableNetwork(network) ?? "namespace:reference, e.g. eip155:8453",
        JSON.stringify(network),
      );
    },
  }),
  everyEntry({
    id: "seller.challenge.amount-is-atomic",
    requirement: "S-CH-11",
    title: "Every `amount` is a string of atomic units in decimal digits",
    holds: (entry) => {
      if (field(entry, "amount") === undefined) throw new Unproven("An entry has no amount.");
      expectField(
        entry,
        "amount",
        "a string of decimal digits",
        (value) => typeof value === "string" && /^\d+$/.test(value),
      );
    },
  }),
  everyEntry({
    id: "seller.challenge.timeout-is-a-number",
    requirement: "S-CH-12",
    title: "Every `maxTimeoutSeconds` is a positive JSON number",
    holds: (entry) =>
      expectField(
        entry,
        "maxTimeoutSeconds",
        "a positive number",
        (value) => typeof value === "number" && value > 0,
      ),
  }),
  everyEntry({
    id: "seller.challenge.domain-is-given",
    requirement: "S-CH-13",
    title: "Every exact EVM entry gives the token's domain name and version in `extra`",
    holds: (entry, dialect) => {
      if (!isExactEip3009(entry, dialect)) return;
      const extra = field(entry, "extra");
      for (const key of ["name", "version"]) {
        const value = field(extra, key);
        if (typeof value === "string" && value !== "") continue;
        throw new Finding(
          `\`extra.${key}\` is missing.`,
          `extra.${key}: a string`,
          `extra.${key}: ${describeJson(value)}`,
        );
      }
    },
  }),
  everyEntry({
    id: "seller.challenge.addresses",
    requirement: "S-CH-15",
    title: "On EVM networks `asset` and `payTo` are 20-byte hex addresses",
    holds: (entry, dialect) => {
      if (!isExactEip3009(entry, dialect)) return;
      for (const key of ["asset", "payTo"]) {
        const value = requiredString(entry, key);
        if (/^0x[0-9a-fA-F]{40}$/.test(value)) continue;
        throw new Finding(`\`${key}\` is not an address.`, "0x and 40 hex digits", JSON.stringify(value));
      }
    },
  }),
  defineCase({
    id: "seller.challenge.domain-is-the-tokens-own",
    requirement: "S-CH-14",
    title: "`extra.name` and `extra.version` equal the token contract's own domain",
    probe: (t) =>
      t.ask().expect(
        challenge((c) => {
          const { sandbox, tokenDomain } = t.context;
          const entries = acceptsEntries(c).filter((candidate) => isFor(candidate, sandbox.asset));
          if (entries.length === 0)
            throw new Unproven(`No entry of accepts is for ${sandbox.asset}, the token of this chain.`);
          const judged = entries.filter(
            (entry) => isByAuthorization(entry) && isSignedUnder(entry, sandbox.asset),
          );
          if (judged.length === 0)
            throw new NotApplicable(
              "Nothing is to be paid by EIP-3009 under the token's own contract, which is what the token's domain is needed for.",
            );
          for (const entry of judged) {
            for (const key of ["name", "version"] as const) {
              const value = field(field(entry, "extra"), key);
              if (typeof value !== "string") throw new Unproven(`extra.${key} is not given.`);
              if (value === tokenDomain[key]) continue;
              throw new Finding(
                `\`extra.${key}\` is not the token's.`,
                JSON.stringify(tokenDomain[key]),
                JSON.stringify(value),
              );
            }
          }
        }),
      ),
  }),
];

/** A case that holds every entry of `accepts` against one rule. */
function everyEntry(
  rule: Pick<Case, "id" | "requirement" | "title"> & {
    holds: (entry: AcceptsEntry, dialect: Dialect) => void;
  },
): Case {
  const { holds, ...definition } = rule;
  return defineCase({
    ...definition,
    probe: (t) =>
      t.ask().expect(
        challenge((c, { dialect }) => {
          const entries = acceptsEntries(c);
          if (entries.length === 0) throw new Unproven("`accepts` has no entry to look at.");
          for (const entry of entries) holds(entry, dialect);
        }),
      ),
  });
}

/** Whether an entry is for scheme exact with EIP-3009, the default on EVM networks. */
function isExactEip3009(entry: AcceptsEntry, { isEvm }: Dialect): boolean {
  const method = field(field(entry, "extra"), "assetTransferMethod");
  const network = field(entry, "network");
  const onEvm = typeof network === "string" && isEvm(network);
  return field(entry, "scheme") === "exact" && onEvm && (method === undefined || method === "eip3009");
}

function isFor(entry: AcceptsEntry, asset: string): boolean {
  const offered = field(entry, "asset");
  return typeof offered === "string" && offered.toLowerCase() === asset.toLowerCase();
}

/** Whether an entry asks for the token's EIP-3009, which is what its domain is needed for. */
function isByAuthorization(entry: AcceptsEntry): boolean {
  const method = field(field(entry, "extra"), "assetTransferMethod") ?? "eip3009";
  return field(entry, "scheme") !== "upto" && method === "eip3009";
}

/** A field that must be a string for anything to be said about it; another case judges whether it is one. */
function requiredString(entry: AcceptsEntry, key: string): string {
  const value = field(entry, key);
  if (typeof value !== "string") throw new Unproven(`\`${key}\` is ${describeJson(value)}, not a string.`);
  return value;
}
