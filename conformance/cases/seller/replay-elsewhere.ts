import { NotApplicable } from "../../engine/index.ts";
import {
  type Case,
  defineCase,
  type Payment,
  provided,
  refused,
  settled,
  type Trader,
  turnedAway,
} from "../../engine/seller/index.ts";
import { chargedForDeliveries, deliveredAtMostOnce, deliveriesAmong, withoutName } from "./deliveries.ts";
import { guardedMethods } from "./guarded-methods.ts";
import { aSale } from "./sale.ts";
import { soldElsewhere, soldWithAnotherQuery } from "./sold.ts";

/** Seconds that a short authorization lives: long enough to be settled, short enough to be outlived. */
const shortLife = 30n;

/** A payment that was used is presented somewhere else, or at another time. */
export const replayElsewhereCases: readonly Case[] = [
  defineCase({
    id: "seller.replay.other-query",
    requirement: "S-RPL-01",
    title: "A settled payment buys nothing on the same route with another query",
    control: aSale,
    probe: async (t) => {
      const used = withoutName(t.lastPayment);
      await t
        .resend(used, await soldWithAnotherQuery(t))
        .expect(turnedAway)
        .done();
    },
  }),
  defineCase({
    id: "seller.replay.other-method",
    requirement: "S-RPL-01",
    title: "A settled payment buys nothing with another method",
    control: aSale,
    probe: async (t) => {
      const used = withoutName(t.lastPayment);
      for (const request of await guardedMethods(t)) await t.resend(used, request).expect(turnedAway).done();
    },
  }),
  defineCase({
    id: "seller.replay.other-route-at-the-same-price",
    requirement: "S-RPL-01",
    title: "A settled payment buys nothing on another route that costs the same",
    control: aSale,
    probe: async (t) => {
      const used = withoutName(t.lastPayment);
      const other = await soldElsewhere(t, "the same", (amount) => amount === used.amount);
      await t.resend(used, other).expect(turnedAway).done();
    },
  }),
  defineCase({
    id: "seller.replay.other-route-at-another-price",
    requirement: "S-RPL-01",
    title: "A settled payment buys nothing on another route that costs something else",
    control: aSale,
    probe: async (t) => {
      const used = withoutName(t.lastPayment);
      const other = await soldElsewhere(t, "something else", (amount) => amount !== used.amount);
      await t.resend(used, other).expect(turnedAway).done();
    },
  }),
  defineCase({
    id: "seller.replay.after-a-failed-handler",
    requirement: "S-RPL-01",
    title: "A payment whose handler failed buys at most once after that",
    needs: ["failing", "authorization-flow"],
    control: aSale,
    probe: async (t) => {
      for (const request of await t.failing()) {
        const payment = withoutName(await t.prepare({}, request));
        await t
          .resend(payment, request)
          .expect(provided(refused), provided(settled(0)))
          .done();
        const again = await t.resend(payment).done();
        const oncemore = await t.resend(payment).done();
        deliveredAtMostOnce([again, oncemore]);
        await chargedForDeliveries([again, oncemore]);
      }
    },
  }),
  defineCase({
    id: "seller.replay.after-expiry",
    requirement: "S-RPL-01",
    protocol: "any",
    title: "A settled payment buys nothing after its authorization expired",
    alone: true,
    control: aSale,
    probe: async (t) => {
      const payment = withoutName(await soldForAShortAuthorization(t));
      await t.outlive(payment);
      await t.resend(payment).expect(turnedAway).done();
    },
  }),
];

async function soldForAShortAuthorization(t: Trader): Promise<Payment> {
  const validBefore = (await t.chainTime()) + shortLife;
  const short = t.buy({ authorization: (honest) => ({ ...honest, validBefore }) });
  if (deliveriesAmong([await short.done()]) > 0) return t.lastPayment;
  throw new NotApplicable(`The seller takes no authorization that ends in ${shortLife} seconds.`);
}
