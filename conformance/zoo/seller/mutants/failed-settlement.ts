import { type Answer, isByPermit2, toBase64Json } from "#sandbox";
import { type Mutant, replacing } from "../mutant.ts";
import { everyFailedTransaction } from "./chain.ts";
import { ofBothPermits } from "./of-both-permits.ts";
import { settledInTheSellersWords } from "./retry.ts";

/** What a failed settlement must look like. */
export const everyFailedSettlement = [
  "seller.settlement.failure-is-402",
  "seller.settlement.failure-has-a-receipt",
  "seller.settlement.failure-withholds-the-body",
  "seller.settlement.failure-withholds-the-handlers-headers",
  "seller.settlement.delivers-nothing-on-settle-400",
  "seller.streaming.failed-settlement-is-402",
  "seller.streaming.failed-settlement-sends-no-byte",
  "seller.streaming.failed-settlement-sends-no-headers",
  ...ofBothPermits("failed-settlement-withholds-the-handlers-headers"),
];

/** What must happen when the facilitator calls a bad payment valid, and then does not settle it. */
export const everyFalseYes = [
  "seller.settlement.false-yes-to-a-forged-payment",
  "seller.settlement.false-yes-to-an-underpayment",
];

/** What must happen when the facilitator does not say whether the money moved. */
export const everyUnknownSettlement = [
  "seller.settlement.delivers-nothing-on-settle-500",
  "seller.settlement.delivers-nothing-on-settle-html",
  "seller.settlement.delivers-nothing-on-settle-truncated",
  "seller.settlement.delivers-nothing-on-settle-without-transaction",
  "seller.settlement.delivers-nothing-on-settle-on-another-network",
  "seller.settlement.delivers-nothing-on-settle-hangs-up",
  "seller.settlement.delivers-nothing-on-settle-hangs",
  "seller.streaming.unknown-settlement-sends-no-byte",
  ...ofBothPermits(
    "delivers-nothing-on-settle-500",
    "delivers-nothing-on-settle-hangs-up",
    "delivers-nothing-on-settle-with-empty-transaction",
  ),
];

/** Sellers that deal badly with a settlement that failed, is pending or is unknown. */
export const failedSettlementMutants: readonly Mutant[] = [
  {
    id: "ignores-failed-settlement",
    breaks: "Delivers although the settlement failed.",
    caughtBy: [
      ...everyFailedSettlement,
      ...everyFailedTransaction,
      ...everyFalseYes,
      ...ofBothPermits("failed-settlement"),
    ],
    build: replacing("respond", (original, reached) => (exchange, goods, settlement) => {
      if (settlement.kind !== "failed") return original(exchange, goods, settlement);
      reached();
      return goods;
    }),
  },
  {
    id: "takes-silence-for-settlement",
    breaks: "Delivers when the facilitator's answer to /settle tells nothing.",
    caughtBy: [
      ...everyUnknownSettlement,
      "seller.settlement.way-back-closes-after-lost-answer",
      "seller.settlement.way-back-is-for-one-after-lost-answer",
    ],
    build: replacing("respond", (original, reached) => (exchange, goods, settlement) => {
      if (settlement.kind !== "unknown") return original(exchange, goods, settlement);
      reached();
      return goods;
    }),
  },
  {
    id: "takes-money-on-any-network",
    breaks: "Delivers when the facilitator says that it settled, on whatever network.",
    caughtBy: ["seller.settlement.delivers-nothing-on-settle-on-another-network"],
    build: replacing("respond", (original, reached) => (exchange, goods, settlement) => {
      const isElsewhere = settlement.kind === "unknown" && /success:true on/.test(settlement.failure.detail);
      if (!isElsewhere) return original(exchange, goods, settlement);
      reached();
      return original(exchange, goods, settledInTheSellersWords(exchange));
    }),
  },
  {
    id: "takes-permits-settled-without-a-transaction",
    breaks: 'Delivers for a permit when the facilitator says that it settled, with transaction "".',
    caughtBy: ofBothPermits("delivers-nothing-on-settle-with-empty-transaction"),
    build: replacing("respond", (original, reached) => (exchange, goods, settlement) => {
      const isEmpty =
        settlement.kind === "unknown" && /without a transaction/.test(settlement.failure.detail);
      if (!isEmpty || !isByPermit2(exchange.offer.requirements)) return original(exchange, goods, settlement);
      reached();
      return original(exchange, goods, settledInTheSellersWords(exchange));
    }),
  },
  {
    id: "takes-pending-for-settled",
    breaks: "Delivers while the settlement is still pending.",
    caughtBy: [
      "seller.settlement.way-back-closes-after-pending",
      "seller.settlement.way-back-is-for-one-after-pending",
      "seller.settlement.pending-is-not-success",
      ...ofBothPermits("pending-is-not-success"),
    ],
    build: replacing("respond", (original, reached) => (exchange, goods, settlement) => {
      if (settlement.kind !== "pending") return original(exchange, goods, settlement);
      reached();
      return goods;
    }),
  },
  afterFailure(
    "failure-with-a-challenge",
    "Asks for payment again in the answer that says that the settlement failed.",
    ["seller.settlement.failure-asks-for-nothing"],
    (answer) => ({
      ...answer,
      headers: { ...answer.headers, "payment-required": toBase64Json({ accepts: [] }) },
    }),
  ),
  afterFailure(
    "failure-as-500",
    "Answers 500 when the settlement failed.",
    [
      "seller.settlement.failure-is-402",
      "seller.streaming.failed-settlement-is-402",
      ...ofBothPermits("failed-settlement"),
    ],
    (answer) => ({
      ...answer,
      status: 500,
    }),
  ),
  afterFailure(
    "failure-without-receipt",
    "Says nothing about the settlement that failed.",
    [
      "seller.settlement.failure-has-a-receipt",
      "seller.chain.front-run",
      ...ofBothPermits("failed-settlement"),
    ],
    ({ headers: { "payment-response": _, ...headers }, ...answer }) => ({ ...answer, headers }),
  ),
  afterFailure(
    "failure-with-the-goods",
    "Puts the paid content into the 402 for a settlement that failed.",
    [
      "seller.settlement.failure-withholds-the-body",
      "seller.settlement.delivers-nothing-on-settle-400",
      "seller.streaming.failed-settlement-sends-no-byte",
      ...everyFalseYes,
      "seller.chain.front-run",
      ...everyFailedTransaction,
      ...ofBothPermits("failed-settlement"),
    ],
    (answer, goods) => ({ ...answer, body: goods.body }),
  ),
  afterFailure(
    "failure-with-the-handlers-headers",
    "Lets the handler's headers through when the settlement failed.",
    [
      "seller.settlement.failure-withholds-the-handlers-headers",
      "seller.streaming.failed-settlement-sends-no-headers",
      ...ofBothPermits("failed-settlement-withholds-the-handlers-headers"),
    ],
    (answer, goods) => ({ ...answer, headers: { ...goods.headers, ...answer.headers } }),
  ),
];

/** Changes the answer to a settlement that failed. */
function afterFailure(
  id: string,
  breaks: string,
  caughtBy: readonly string[],
  change: (answer: Answer, goods: Answer) => Answer,
): Mutant {
  return {
    id,
    breaks,
    caughtBy,
    build: replacing("respond", (original, reached) => async (exchange, goods, settlement) => {
      const answer = await original(exchange, goods, settlement);
      if (settlement.kind !== "failed") return answer;
      reached();
      return change(answer, goods);
    }),
  };
}
