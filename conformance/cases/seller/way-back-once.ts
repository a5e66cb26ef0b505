import {
  type Case,
  defineCase,
  type Observed,
  type Payment,
  provided,
  settled,
  type Trader,
} from "../../engine/seller/index.ts";
import { deliveredAtMostOnce, withoutName } from "./deliveries.ts";
import { aSale } from "./sale.ts";

/** Settlements of which the seller does not learn that they succeeded, and what becomes of them. */
const losses = [
  { fault: "settle-answer-lost", after: "lost-answer", what: "whose settlement's answer was lost" },
  { fault: "settle-pending", after: "pending", what: "whose settlement was pending" },
] as const;

/** More than one, since a seller may forget after the first that it has delivered. */
const returnsInTurn = 3;
const returnsAtOnce = 8;

/** The way back of a buyer that was charged and got nothing closes behind it. */
export const wayBackOnceCases: readonly Case[] = losses.flatMap(({ fault, after, what }) => [
  defineCase({
    id: `seller.settlement.way-back-closes-after-${after}`,
    requirement: "S-RPL-01",
    title: `A payment ${what} brings the content once, however often it comes again`,
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      const { payment, first } = await chargedInTheDark(t, fault);
      const returns = [first];
      for (let count = 0; count < returnsInTurn; count += 1) returns.push(await t.resend(payment).done());
      deliveredAtMostOnce(returns);
      const crowd = await t.together(returnsAtOnce, payment).done();
      deliveredAtMostOnce([...returns, ...crowd]);
    },
  }),
  defineCase({
    id: `seller.settlement.way-back-is-for-one-after-${after}`,
    requirement: "S-RPL-02",
    title: `A payment ${what} brings the content once, when it comes again eight times at once`,
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      const { payment, first } = await chargedInTheDark(t, fault);
      const crowd = await t.meeting(returnsAtOnce, t.together(returnsAtOnce, payment)).done();
      deliveredAtMostOnce([first, ...crowd]);
    },
  }),
]);

/** Pays once, so that the money moves and the seller is not told. */
async function chargedInTheDark(
  t: Trader,
  fault: (typeof losses)[number]["fault"],
): Promise<{ payment: Payment; first: Observed }> {
  const payment = withoutName(await t.prepare());
  const times = fault === "settle-answer-lost" ? { times: 1 } : {};
  const first = await t.underFault(fault, t.resend(payment).expect(provided(settled(1))), times);
  return { payment, first };
}
