import {
  type Case,
  type Check,
  defineCase,
  expectField,
  noSuccess,
  receipt,
  refused,
  served,
  settled,
  turnedAway,
  withheld,
} from "../../engine/seller/index.ts";
import { aSale } from "./sale.ts";

/**
 * What a seller does when its payment goes wrong on the chain. A facilitator may put the payments of several cases into
 * one transaction, so that whoever breaks transactions runs alone.
 */
export const chainFaultCases: readonly Case[] = [
  defineCase({
    id: "seller.chain.reverted",
    requirement: "S-ORD-02",
    protocol: "any",
    title: "Nothing is delivered for a transfer that reverted on chain, and the next sale succeeds",
    needs: ["own-facilitator"],
    alone: true,
    control: aSale,
    probe: async (t) => {
      await t.whileBroken("transaction-reverts", t.buy().expect(turnedAway, noSuccess));
      await t.buy().expect(served, settled(1)).done();
    },
  }),
  defineCase({
    id: "seller.chain.cancelled",
    requirement: "S-ORD-02",
    protocol: "any",
    title: "Nothing is delivered for an authorization that was cancelled between verify and settle",
    needs: ["own-facilitator"],
    alone: true,
    control: aSale,
    probe: async (t) => {
      await t.whileBroken("authorization-cancelled", t.buy().expect(turnedAway, noSuccess));
    },
  }),
  defineCase({
    id: "seller.chain.front-run",
    requirement: "S-ORD-04",
    title:
      "A buyer whose authorization somebody else spent before settlement is served, or told that it failed",
    needs: ["own-facilitator"],
    alone: true,
    control: aSale,
    probe: async (t) => {
      // The money reached the payee, so a seller that finds it there may deliver.
      await t.whileBroken("authorization-front-run", t.buy().expect(servedOrTold, settled(1)), { debits: 1 });
    },
  }),
  defineCase({
    id: "seller.chain.clock-moved",
    requirement: "S-PAY-21",
    protocol: "any",
    title: "A payment that expired by the chain's clock on its way buys nothing, and the next sale succeeds",
    needs: ["own-facilitator"],
    alone: true,
    control: aSale,
    probe: async (t) => {
      const payment = await t.prepare();
      await t.whileBroken("clock-moved", t.resend(payment).expect(turnedAway), { forAll: true });
      await t.buy().expect(served, settled(1)).done();
    },
  }),
];

/** Not served, the buyer holds a receipt that says so. */
const servedOrTold: Check = async (observed) => {
  if (observed.answer.status < 300) return served(observed);
  await refused(observed);
  await withheld(observed);
  await saysFailed(observed);
};

const saysFailed = receipt((r) => {
  expectField(r, "success", "false", (value) => value === false);
});
