import {
  type AnyOrder,
  accepted,
  type Case,
  defineCase,
  type Merchant,
  moved,
  nothingBroadcast,
  refused,
} from "../../engine/facilitator/index.ts";
import { field, type JsonObject, objectOf } from "../../engine/index.ts";
import { atPrice } from "./price.ts";
import { stranger } from "./stranger.ts";

const settlesHonestly = (t: Merchant) => t.settle().expect(accepted, moved(1));

/** Terms on which a payment may come again that was made for others. */
export const otherTerms: readonly (readonly [string, (terms: JsonObject) => JsonObject])[] = [
  ["another payTo", (terms) => ({ ...terms, payTo: stranger })],
  ["a higher amount", (terms) => atPrice(terms, "2000")],
];

/** What /verify said of a payment binds nobody: /settle looks again, at the payment and at the chain. */
export const verifiedBeforeCases: readonly Case[] = [
  defineCase({
    id: "facilitator.settlement.verified-for-other-terms",
    requirement: "F-S-06",
    title: "A payment that verified for one price and payee is not settled for others",
    control: settlesHonestly,
    probe: async (t) => {
      for (const [, terms] of otherTerms) {
        const order = await t.order();
        await t.present("verify", order).expect(accepted).done();
        await t.present("settle", onTerms(terms, order)).expect(refused(), nothingBroadcast, moved(0)).done();
      }
    },
  }),
  defineCase({
    id: "facilitator.settlement.verified-and-cancelled-is-not-sent",
    requirement: "F-S-06",
    title: "A payment that verified, and that its payer cancelled since, is not sent",
    control: settlesHonestly,
    probe: async (t) => {
      const order = await t.order();
      await t.present("verify", order).expect(accepted, nothingBroadcast, moved(0)).done();
      await t.cancelOnChain(order);
      await t.present("settle", order).expect(refused(), nothingBroadcast, moved(0)).done();
    },
  }),
];

/** The same payment, demanded and, where it tells what that was, accepted on other terms. */
export function onTerms<O extends AnyOrder>(change: (terms: JsonObject) => JsonObject, order: O): O {
  const body = objectOf(order.body);
  const payment = objectOf(field(body, "paymentPayload") ?? {});
  const changed = change(objectOf(field(body, "paymentRequirements") ?? {}));
  const paymentPayload = "accepted" in payment ? { ...payment, accepted: changed } : payment;
  return { ...order, body: { ...body, paymentPayload, paymentRequirements: changed } };
}
