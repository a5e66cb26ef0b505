import {
  type Case,
  defineCase,
  everyEnvelope,
  paidOnce,
  providedItPays,
  signedAtMost,
  signedNothing,
  worthlessToken,
} from "../../engine/client/index.ts";
import { describeJson, Finding, field, type JsonObject } from "../../engine/index.ts";

import { dear, extraOf, lookAlike, priced } from "./decoys.ts";
import { noPaymentForOtherTokens, unlessItKnowsTheToken } from "./known-tokens.ts";
import { leavesTheFirst } from "./skipped-entries.ts";

/** An entry that must not be paid, in one field. */
interface Unpayable {
  readonly id: string;
  readonly requirement: string;
  readonly title: string;
  readonly entry: (entry: JsonObject) => JsonObject;
}

const domainKeys = ["name", "version"] as const;

const unpayable: readonly Unpayable[] = [
  {
    id: "client.entries.unknown-flow",
    requirement: "C-CH-08",
    title: "An entry with an unknown payment flow is not paid",
    entry: inExtra({ paymentFlow: "on-account" }),
  },
  {
    id: "client.entries.unknown-method",
    requirement: "C-CH-13",
    title: "An entry with an unknown transfer method is not paid",
    entry: inExtra({ assetTransferMethod: "pigeon" }),
  },
  {
    id: "client.entries.v1-network-name",
    requirement: "C-CH-15",
    title: "A network by its plain v1 name is not paid in a v2 challenge",
    entry: (entry) => ({ ...entry, network: "base-sepolia" }),
  },
  {
    id: "client.entries.absurd-price",
    requirement: "C-PAY-22",
    title: "A price of a million dollars is not paid unasked",
    entry: (entry) => ({ ...entry, amount: "1000000000000" }),
  },
  {
    id: "client.entries.eighteen-decimals",
    requirement: "C-PAY-22",
    title: "An amount that was meant in 18 decimals is not paid in 6",
    entry: (entry) => ({ ...entry, amount: "1000000000000000" }),
  },
  {
    id: "client.entries.decimals-in-extra",
    requirement: "C-PAY-22",
    title: "A price of a million dollars is not paid, whatever `extra` says of decimals",
    entry: (entry) => ({ ...entry, amount: "1000000000000", extra: { ...extraOf(entry), decimals: 18 } }),
  },
  {
    id: "client.entries.price-beyond-64-bits",
    requirement: "C-PAY-22",
    title: "A price of 2^64 + 1000 is not paid, though in 64 bits it is 1000",
    entry: (entry) => priced(String(2n ** 64n + 1_000n), entry),
  },
  {
    id: "client.entries.look-alike-asset",
    requirement: "C-PAY-23",
    title: "Another token that calls itself USDC is not paid",
    entry: (entry) => ({ ...entry, asset: lookAlike(field(entry, "asset")) }),
  },
  {
    id: "client.entries.asset-of-another-network",
    requirement: "C-PAY-23",
    title: "The USDC of another network is not USDC here",
    entry: (entry) => ({ ...entry, asset: "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48" }),
  },
  {
    id: "client.entries.asset-of-the-sister-network",
    requirement: "C-PAY-23",
    title: "The USDC of Base is not USDC on Base Sepolia",
    entry: (entry) => ({ ...entry, asset: "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913" }),
  },
  {
    id: "client.entries.look-alike-network",
    requirement: "C-SEC-07",
    title: "A network that only looks like a known one is not paid",
    entry: (entry) => ({ ...entry, network: `${String(field(entry, "network"))}\u200b` }),
  },
  {
    id: "client.entries.network-in-hex",
    requirement: "C-SEC-07",
    title: "A network whose number is in another notation is not paid",
    entry: (entry) => {
      const [namespace, number] = String(field(entry, "network")).split(":");
      return { ...entry, network: `${namespace}:0x${Number(number).toString(16)}` };
    },
  },
  {
    id: "client.entries.network-of-another-namespace",
    requirement: "C-SEC-07",
    title: "The same number in another namespace is another network",
    entry: (entry) => ({ ...entry, network: String(field(entry, "network")).replace("eip155:", "cosmos:") }),
  },
];

/** Which entries are paid: unsupported ones are skipped, broken and hostile ones left alone. */
export const entryCases: readonly Case[] = [
  ...unpayable.map(({ entry, ...definition }) =>
    defineCase({
      ...definition,
      probe: (t) => t.sells({ asks: { entry } }).expect(noPaymentForOtherTokens),
    }),
  ),
  defineCase({
    id: "client.entries.worthless-token",
    requirement: "C-PAY-23",
    title: "A token of nobody's that calls itself USDC, and of which the payer holds enough, is not paid",
    probe: (t) => {
      const entry = (own: JsonObject) => ({
        ...own,
        asset: worthlessToken,
        extra: { ...extraOf(own), symbol: "USDC", decimals: 6 },
      });
      return t.sells({ asks: { entry }, holdsWorthlessToken: true }).expect(noPaymentForOtherTokens);
    },
  }),
  ...domainKeys.map((key) =>
    defineCase({
      id: `client.entries.no-domain-${key}`,
      requirement: "C-CH-12",
      title: `An entry without extra.${key} is not signed under a guessed domain`,
      probe: (t) =>
        t
          .sells({ asks: { entry: (entry) => ({ ...entry, extra: without(key, extraOf(entry)) }) } })
          .expect(unlessItKnowsTheToken(signedNothing, "no payment")),
    }),
  ),
  ...[
    {
      id: "unknown-scheme-first",
      what: "of an unknown scheme",
      other: (entry: JsonObject) => ({ ...entry, scheme: "barter", amount: "900" }),
    },
    {
      id: "other-namespace-first",
      what: "on a network of another kind",
      other: (entry: JsonObject) => ({
        ...entry,
        network: "solana:EtWTRABZaYq6iMfeYKouRu166VU2xqa1",
        asset: "4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU",
        payTo: "9WzDXwBbmkg8ZTbNMqUxvQRAyrZzDsGYdLVL9zYtAWWM",
        extra: { feePayer: "9WzDXwBbmkg8ZTbNMqUxvQRAyrZzDsGYdLVL9zYtAWWM" },
      }),
    },
  ].map(({ id, what, other }) =>
    defineCase({
      id: `client.entries.${id}`,
      requirement: "C-CH-07",
      title: `A first entry ${what} is skipped, and the next is paid`,
      probe: (t) =>
        t
          .sells({ asks: { accepts: (entry) => [other(entry), entry] } })
          .expect(leavesTheFirst(what), paidOnce),
    }),
  ),
  defineCase({
    id: "client.entries.prefers-authorization",
    requirement: "C-CH-09",
    title: "Of several payment flows, the one by authorization is chosen",
    probe: (t) =>
      t.sells({ asks: { accepts: (entry) => [inExtra({ paymentFlow: "upfront" })(entry), entry] } }).expect(
        providedItPays,

        everyEnvelope((envelope) => {
          const flow = field(field(field(envelope, "accepted"), "extra"), "paymentFlow");
          if (flow === undefined || flow === "authorization") return;
          throw new Finding("Another flow was chosen.", "authorization", describeJson(flow));
        }),
      ),
  }),
  ...[
    { id: "cheap-then-dear", accepts: (entry: JsonObject) => [entry, dear(entry)] },
    { id: "dear-then-cheap", accepts: (entry: JsonObject) => [dear(entry), entry] },
  ].map(({ id, accepts }) =>
    defineCase({
      id: `client.entries.${id}`,
      requirement: "C-SEC-06",
      title: "Between a cheap entry and one of a million dollars, the dear one is never signed",
      probe: (t) => t.sells({ asks: { accepts } }).expect(signedAtMost(1_000n)),
    }),
  ),
];

function inExtra(fields: JsonObject): (entry: JsonObject) => JsonObject {
  return (entry) => ({ ...entry, extra: { ...extraOf(entry), ...fields } });
}

function without(key: string, extra: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(extra).filter(([name]) => name !== key));
}
