import {
  type Case,
  type Check,
  defineCase,
  noWork,
  settledBeforeAnswer,
  turnedAway,
  withheld,
} from "../../engine/seller/index.ts";
import { aSale } from "./sale.ts";

/** How long a facilitator takes that answers in the end: longer than a hasty seller waits. Milliseconds. */
const longWait = 3_000;

/** What a seller does while its facilitator takes its time. */
export const facilitatorPatienceCases: readonly Case[] = [
  defineCase({
    id: "seller.settlement.waits-for-a-slow-verify",
    requirement: "S-ORD-01",
    protocol: "any",
    title: "While the facilitator takes its time to call a payment invalid, the paid handler does not run",
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      const forged = t.buy({ signedByStranger: true });
      await t.underFault("verify-slow", forged.expect(turnedAway, noWork), { delayMs: longWait });
    },
  }),
  defineCase({
    id: "seller.settlement.waits-for-a-slow-settle",
    requirement: "S-ORD-02",
    protocol: "any",
    title: "While the facilitator takes its time to settle, nothing is delivered",
    needs: ["own-facilitator", "authorization-flow"],
    control: aSale,
    probe: async (t) => {
      const purchase = t.buy().expect(settledFirstOrWithheld);
      await t.underFault("settle-slow", purchase, { delayMs: longWait });
    },
  }),
];

/** A seller may lose its patience, but then it delivers nothing. */
const settledFirstOrWithheld: Check = async (observed) => {
  const { status } = observed.answer;
  await (status >= 200 && status < 300 ? settledBeforeAnswer : withheld)(observed);
};
