import { Unproven } from "../../engine/index.ts";
import { type Case, defineCase, type GroupCheck, settled } from "../../engine/seller/index.ts";
import { deliveriesAmong } from "./deliveries.ts";
import { aSale } from "./sale.ts";

/** Paid requests of the rush, unless the run says how many, and how many of them are in flight at a time. */
const rush = { requests: 200, inFlight: 32 };

/** Many buyers at once. */
export const loadCases: readonly Case[] = [
  defineCase({
    id: "seller.load.deliveries-equal-settlements",
    requirement: "S-AUD-01",
    title: `Of ${rush.requests} paid requests, ${rush.inFlight} in flight, as many are settled as are delivered`,
    alone: true,
    control: aSale,
    probe: async (t) => {
      const payments = await t.prepareMany(t.context.rush ?? rush.requests);
      await t.allTogether(payments, rush.inFlight).expect(settledAsDelivered(payments.length)).done();
    },
  }),
];

/**
 * As many transfers as deliveries; each of the `sent` requests that got no answer may have been settled, or not. A
 * seller that turns buyers away when it is busy breaks no rule; one that serves nobody shows nothing.
 */
function settledAsDelivered(sent: number): GroupCheck {
  return async (all) => {
    const [first] = all;
    const deliveries = deliveriesAmong(all);
    if (first === undefined || deliveries === 0)
      throw new Unproven(`None of ${sent} paid requests was served.`);
    await settled(deliveries, deliveries + sent - all.length)(first);
  };
}
