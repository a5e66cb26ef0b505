import {
  type Case,
  defineCase,
  noSuccess,
  noWork,
  refused,
  served,
  settled,
  turnedAway,
  withheld,
} from "../../engine/seller/index.ts";
import { aSale } from "./sale.ts";

const forEverybody = { forAll: true } as const;

/** What a seller does when the token itself misbehaves. Its code is the same for everybody, so that these run alone. */
export const tokenFaultCases: readonly Case[] = [
  defineCase({
    id: "seller.chain.token-fails-silently",
    requirement: "S-ORD-02",
    protocol: "any",
    title: "Nothing is delivered for a transaction that succeeded and moved nothing",
    needs: ["own-facilitator"],
    alone: true,
    control: aSale,
    probe: async (t) => {
      await t.whileBroken("token-returns-false", t.buy().expect(turnedAway, noSuccess), forEverybody);
      await t.buy().expect(served, settled(1)).done();
    },
  }),
  ...(
    [
      { name: "takes-a-fee", what: "of which the payee got less than the price" },
      { name: "emits-no-event", what: "of which no event tells" },
    ] as const
  ).map(({ name, what }) =>
    defineCase({
      id: `seller.chain.token-${name}`,
      requirement: "S-ORD-02",
      protocol: "any",
      title: `Nothing is delivered for a transfer ${what}, since no facilitator can vouch for it`,
      needs: ["own-facilitator"],
      alone: true,
      control: aSale,
      probe: async (t) => {
        // A payee that got a part of the price, and the collector of the rest.
        const breakage = { ...forEverybody, debits: 2 };
        await t.whileBroken(`token-${name}`, t.buy().expect(refused, withheld), breakage);
        await t.buy().expect(served, settled(1)).done();
      },
    }),
  ),
  defineCase({
    id: "seller.chain.token-forgets-nonces",
    requirement: "S-RPL-01",
    protocol: "any",
    title: "A settled payment buys nothing the second time although the token would let it be spent again",
    needs: ["own-facilitator"],
    alone: true,
    control: aSale,
    probe: async (t) => {
      await t.whileBroken("token-forgets-nonces", t.buy().expect(served, settled(1)), forEverybody);
      await t.resend(t.lastPayment).expect(turnedAway).done();
    },
  }),
  defineCase({
    id: "seller.chain.token-without-code",
    requirement: "S-PAY-21",
    protocol: "any",
    title: "No work is done for a payment in a token that is no contract",
    needs: ["own-facilitator"],
    alone: true,
    control: aSale,
    probe: async (t) => {
      await t.whileBroken("token-without-code", t.buy().expect(turnedAway, noWork), forEverybody);
      await t.buy().expect(served, settled(1)).done();
    },
  }),
];
