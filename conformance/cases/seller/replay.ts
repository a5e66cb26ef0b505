import { NotApplicable } from "../../engine/index.ts";
import {
  type Case,
  defineCase,
  type GroupCheck,
  provenWithheld,
  served,
  settled,
  turnedAway,
} from "../../engine/seller/index.ts";
import { chargedForDeliveries, deliveredAtMostOnce, withoutName } from "./deliveries.ts";
import { aSale } from "./sale.ts";

/** One payment buys once. */
export const replayCases: readonly Case[] = [
  defineCase({
    id: "seller.replay.same-payment-twice",
    requirement: "S-RPL-01",
    title: "A settled payment buys nothing the second time",
    control: aSale,
    probe: (t) => t.resend(withoutName(t.lastPayment)).expect(turnedAway),
  }),
  ...(
    [
      // The one meets in the verification first: who claims what was verified must not do it too late.
      { id: "seller.replay.eight-at-once", times: 8, count: "eight", places: ["verify", "settle"] },
      { id: "seller.replay.sixty-four-at-once", times: 64, count: "sixty-four", places: ["settle"] },
    ] as const
  ).map(({ id, times, count, places }) =>
    defineCase({
      id,
      requirement: "S-RPL-02",
      title: `One payment sent ${count} times at once is delivered and settled once`,
      control: aSale,
      probe: async (t) => {
        const payment = withoutName(await t.prepare());
        await t
          .meeting(times, t.together(times, payment), places)
          .expect(deliveredAtMostOnce, chargedForDeliveries)
          .done();
      },
    }),
  ),
  defineCase({
    id: "seller.replay.losers-get-nothing",
    requirement: "S-RPL-03",
    protocol: "any",
    title: "Of parallel requests with one payment, those that are not served get none of the content",
    control: aSale,
    probe: async (t) => {
      const payment = await t.prepare();
      await t.meeting(8, t.together(8, payment)).expect(losersGetNothing).done();
    },
  }),
  defineCase({
    id: "seller.replay.other-route",
    requirement: "S-PAY-27",
    title: "A payment made for one route does not open another",
    needs: ["alsoPaid"],
    control: (t) => t.buy({}, t.request("alsoPaid")).expect(served, settled(1)),
    probe: async (t) => {
      const payment = await t.prepare();
      const other = await t.prepare({}, t.request("alsoPaid"));
      if (payment.amount === other.amount && payment.payTo === other.payTo)
        throw new NotApplicable(
          "Both routes ask for the same payment; give one at another price with --also-paid.",
        );
      await t.resend(payment, t.request("alsoPaid")).expect(turnedAway).done();
    },
  }),
  defineCase({
    id: "seller.replay.after-restart",
    requirement: "S-RPL-01",
    title: "A settled payment buys nothing after the seller restarted",
    needs: ["restart"],
    alone: true,
    control: aSale,
    probe: async (t) => {
      const payment = withoutName(t.lastPayment);
      await t.restart();
      await t.resend(payment).expect(turnedAway).done();
      await t.buy().expect(served, settled(1)).done();
    },
  }),
];

const losersGetNothing: GroupCheck = async (all) => {
  const losers = all.filter(({ answer }) => answer.status >= 300);
  if (losers.length === 0) throw new NotApplicable("No request lost; other cases judge that.");
  for (const loser of losers) await provenWithheld(loser);
};
