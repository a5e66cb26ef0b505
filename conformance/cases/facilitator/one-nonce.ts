import {
  accepted,
  type Case,
  defineCase,
  eachSpentItsOwn,
  type Merchant,
  moved,
  nothingBroadcast,
  type Order,
  type OrderChange,
  refused,
  settledOrRefused,
  spentItsOwn,
  survived,
} from "../../engine/facilitator/index.ts";
import { field, NotApplicable } from "../../engine/index.ts";
import { stranger } from "./stranger.ts";

const settlesHonestly = (t: Merchant) => t.settle().expect(accepted, moved(1));

/** Payments that have something in common, or a moment: none may be told as settled by what another one moved. */
export const oneNonceCases: readonly Case[] = [
  defineCase({
    id: "facilitator.settlement.one-nonce-of-two-payers",
    requirement: "F-S-02",
    title: "A payment whose nonce another payer has used is settled by a transfer of its own, or refused",
    control: settlesHonestly,
    probe: async (t) => {
      const first = await t.order();
      await t.present("settle", first).expect(accepted, moved(1)).done();
      const other = await t.another();
      await other.settle(withNonceOf(first)).expect(spentItsOwn(other), settledOrRefused).done();
    },
  }),
  defineCase({
    id: "facilitator.settlement.one-nonce-for-two-payees",
    requirement: "F-S-04",
    title: "Another payment under the nonce of one that was settled is refused, whomever it pays",
    control: settlesHonestly,
    probe: async (t) => {
      const first = await t.order();
      await t.present("settle", first).expect(accepted, moved(1)).done();
      await t
        .settle(toStranger(withNonceOf(first)))
        .expect(refused(), nothingBroadcast, moved(0))
        .done();
    },
  }),
  defineCase({
    id: "facilitator.settlement.one-nonce-for-two-payees-at-once",
    requirement: "F-S-05",
    title: "Of payments to two payees under one nonce, settled at once, only what was transferred is told",
    control: settlesHonestly,
    probe: async (t) => {
      const first = await t.order();
      const second = await t.order(toStranger(withNonceOf(first)));
      await t.settleTogether([first, second, first, second]).expect(eachSpentItsOwn(t)).done();
    },
  }),
  defineCase({
    id: "facilitator.settlement.one-nonce-in-two-tokens",
    requirement: "F-S-02",
    title: "A payment whose nonce was used in another token is settled by a transfer of its own, or refused",
    control: settlesHonestly,
    probe: async (t) => {
      const asset = await t.worthlessToken();
      const first = await t.order({
        terms: (terms) => ({ ...terms, asset }),
        domain: (domain) => ({ ...domain, verifyingContract: asset }),
      });
      // Posted as it is: the ledger knows of no other token, so that nothing of it may count as reported.
      const body = JSON.stringify(first.body);
      const { json } = await t.context.inTurn(() => t.post("settle", body).expect(survived).done());
      if (field(json, "success") !== true) throw new NotApplicable("It does not settle in other tokens.");
      await t.settle(withNonceOf(first)).expect(spentItsOwn(t), settledOrRefused).done();
    },
  }),
  defineCase({
    id: "facilitator.settlement.sixteen-answers-of-their-own",
    requirement: "F-S-02",
    title: "Of sixteen payments settled at once, each is told the transaction that has spent it",
    control: settlesHonestly,
    probe: async (t) => {
      const orders = await Promise.all(Array.from({ length: 16 }, () => t.order()));
      await t.settleTogether(orders).expect(eachSpentItsOwn(t)).done();
    },
  }),
];

function withNonceOf({ authorization: { nonce } }: Order): OrderChange {
  return { authorization: (authorization) => ({ ...authorization, nonce }) };
}

/** The same change of a payment to somebody else, as the seller demands it. */
function toStranger({ authorization: change }: OrderChange): OrderChange {
  return {
    terms: (terms) => ({ ...terms, payTo: stranger }),
    authorization: (authorization) => ({ ...(change?.(authorization) ?? authorization), to: stranger }),
  };
}
