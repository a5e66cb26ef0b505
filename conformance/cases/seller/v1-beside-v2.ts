import { dialects } from "../../engine/index.ts";
import {
  type Case,
  chargedAsDelivered,
  defineCase,
  provided,
  receipt,
  served,
  settled,
  type Trader,
  turnedAway,
} from "../../engine/seller/index.ts";
import { type AskedTerms, requireSameTerms } from "./asked-terms.ts";
import { deliveredAtMostOnce } from "./deliveries.ts";
import { aSale } from "./sale.ts";

const [v2, v1] = [dialects["x402@2"], dialects["x402@1"]];

/** A seller that lets buyers of both versions pay, in one 402. */
export const v1BesideV2Cases: readonly Case[] = [
  besideV2({
    id: "seller.v1.both-ask-for-the-same",
    requirement: "S1-09",
    title: "Both versions: header and body of the 402 ask for the same price, token and payee",
    probe: async (t) => {
      const [inHeader, inBody] = [await termsIn(t, v2), await termsIn(t, v1)];
      requireSameTerms(t, "The versions are asked for other terms.", inHeader, inBody);
    },
  }),
  besideV2({
    id: "seller.v1.both-get-their-own-receipt",
    requirement: "S1-09",
    title: "Both versions: a buyer of either is served, and finds its receipt where its version has it",
    probe: async (t) => {
      for (const dialect of [v1, v2]) {
        const payment = await t.prepare({}, t.paid, dialect);
        await t
          .resend(payment)
          .expect(
            served,
            settled(1),
            receipt(() => {}),
          )
          .done();
      }
    },
  }),
  besideV2({
    id: "seller.v1.both-headers-are-one-payment",
    requirement: "S-PAY-28",
    title: "Both versions: a request that pays in both is charged once if it is served, else not at all",
    control: aSale,
    probe: async (t) => {
      const [inV2, inV1] = [await t.prepare({}, t.paid, v2), await t.prepare()];
      await t
        .send({ [v2.paymentHeader]: inV2.header, [v1.paymentHeader]: inV1.header })
        .expect(chargedAsDelivered)
        .done();
    },
  }),
  besideV2({
    id: "seller.v1.both-spend-one-authorization",
    requirement: "S-RPL-01",
    title: "Both versions: an authorization that was spent in one buys nothing in the other",
    control: aSale,
    probe: async (t) => {
      for (const [first, second] of [
        [v1, v2],
        [v2, v1],
      ] as const) {
        const [spent, again] = await inBoth(t, first, second);
        await t.resend(spent).expect(provided(served), settled(1)).done();
        await t.resend(again).expect(turnedAway).done();
      }
    },
  }),
  besideV2({
    id: "seller.v1.both-at-once",
    requirement: "S-RPL-02",
    title: "Both versions: one authorization sent in both at once is delivered and settled at most once",
    control: aSale,
    probe: async (t) => {
      const payments = await inBoth(t, v1, v2);
      await t.meeting(payments.length, t.allTogether(payments)).expect(deliveredAtMostOnce).done();
    },
  }),
];

/** A case that needs a seller of both versions; its buyer speaks v1 unless it says otherwise. */
function besideV2(definition: Omit<Case, "protocol" | "needs">): Case {
  return defineCase({ ...definition, protocol: "x402@1", needs: ["both-versions"] });
}

/** One signed authorization in the words of two versions. */
async function inBoth(t: Trader, first: typeof v1, second: typeof v1) {
  const payment = await t.prepare({}, t.paid, first);
  const authorization = () => payment.authorization;
  return [payment, await t.prepare({ authorization }, t.paid, second)] as const;
}

/** Price and payee of the entry that the suite pays. */
async function termsIn(t: Trader, dialect: typeof v1): Promise<AskedTerms> {
  const { amount, payTo } = await t.prepare({}, t.paid, dialect);
  return { amounts: String(amount), others: payTo };
}
