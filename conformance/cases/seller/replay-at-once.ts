import { type Case, defineCase, hinting, type Payment, rewrapped } from "../../engine/seller/index.ts";
import { chargedForDeliveries, deliveredAtMostOnce, withoutName } from "./deliveries.ts";
import { aSale } from "./sale.ts";
import { withSecondKeys } from "./second-keys.ts";
import { soldElsewhere, soldWithAnotherQuery } from "./sold.ts";
import { inOtherSpellings } from "./spellings.ts";

/** How often each way to say something twice is sent: two suffice for a theft, and four surely meet. */
const copiesOfEach = 4;

/** Where to look when the copies are taken for several payments. */
const claimWhatIsSent =
  "Each copy has a second `nonce`, `NONCE`, `from` or `FROM` beside what was signed: claim a payment by what you send the facilitator, and send what you have read, not the buyer's text.";

/** A payment need not say what it is for. */
function unbound(payment: Payment): Payment {
  return rewrapped(payment, ({ resource: _, ...envelope }) => envelope);
}

/** One authorization in several guises, or in several places, at the same moment. */
export const replayAtOnceCases: readonly Case[] = [
  defineCase({
    id: "seller.replay.other-spellings-at-once",
    requirement: "S-RPL-02",
    title: "One authorization sent at once with its nonce and its payer in other letters is delivered once",
    control: aSale,
    probe: async (t) => {
      const payment = withoutName(await t.prepare());
      const spellings = [payment, ...inOtherSpellings(payment)];
      await t
        .meeting(spellings.length, t.allTogether(spellings))
        .expect(deliveredAtMostOnce, chargedForDeliveries)
        .done();
    },
  }),
  defineCase({
    id: "seller.replay.second-keys-at-once",
    requirement: "S-RPL-02",
    title:
      "One authorization sent at once with another nonce or payer beside its own each time is delivered once",
    control: aSale,
    probe: async (t) => {
      const copies = withSecondKeys(withoutName(await t.prepare()), copiesOfEach);
      await t
        .meeting(copies.length, t.allTogether(copies))
        .expect(hinting(claimWhatIsSent, deliveredAtMostOnce, chargedForDeliveries))
        .done();
    },
  }),
  defineCase({
    id: "seller.replay.two-routes-at-once",
    requirement: "S-RPL-02",
    title: "One payment sent at once to two routes that cost the same is delivered once",
    control: aSale,
    probe: async (t) => {
      const payment = unbound(withoutName(await t.prepare()));
      const other = await soldElsewhere(t, "the same", (amount) => amount === payment.amount);
      await t
        .meeting(2, t.everywhere(payment, [t.paid, other]))
        .expect(deliveredAtMostOnce, chargedForDeliveries)
        .done();
    },
  }),
  defineCase({
    id: "seller.replay.two-queries-at-once",
    requirement: "S-RPL-02",
    title: "One payment sent to one route with two queries at once is delivered once",
    control: aSale,
    probe: async (t) => {
      const payment = unbound(withoutName(await t.prepare()));
      const other = await soldWithAnotherQuery(t);
      await t
        .meeting(2, t.everywhere(payment, [t.paid, other]))
        .expect(deliveredAtMostOnce, chargedForDeliveries)
        .done();
    },
  }),
];
