import { type Answer, toBase64Json } from "#sandbox";
import { type Mutant, replacing } from "../mutant.ts";
import { everyFailedTransaction, everyNodeOutage } from "./chain.ts";
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
];

/** What must happen when the facilitator calls a bad payment valid, and then does not settle it. */
export const everyFalseYes = [
  "seller.settlement.false-yes-to-a-forged-payment",
  "seller.settlement.false-yes-to-an-underpayment",
];

/** What must happen when the facilitator gives no opinion. */
const everyOutage = [
  "seller.settlement.fails-closed-on-verify-500",
  "seller.settlement.fails-closed-on-verify-html",
  "seller.settlement.fails-closed-on-verify-truncated",
  "seller.settlement.fails-closed-on-verify-without-verdict",
  "seller.settlement.fails-closed-on-verify-hangs-up",
  "seller.settlement.fails-closed-on-verify-hangs",
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
];

/** Sellers that take the steps of a sale in the wrong order, or leave one out. */
export const orderMutants: readonly Mutant[] = [
  {
    id: "asks-for-money-before-validating",
    breaks: "Asks for payment first and looks at the request later.",
    caughtBy: ["seller.validate.invalid-is-told-before-payment", "seller.validate.invalid-does-no-work"],
    build: replacing("validate", (original, reached) => async (exchange) => {
      const validated = await original(exchange);
      if (validated.kind === "valid") return validated;
      reached();
      const { status, headers, body } = validated.answer;
      return { kind: "valid", work: () => ({ status, headers, body }) };
    }),
  },
  {
    id: "charges-invalid-requests",
    breaks: "Sells an apology to whoever sends an invalid request.",
    caughtBy: [
      "seller.validate.invalid-is-told-before-payment",
      "seller.validate.invalid-and-paid-is-not-charged",
      "seller.validate.invalid-does-no-work",
      "seller.validate.payment-survives-a-refused-request",
    ],
    build: replacing("validate", (original, reached) => async (exchange) => {
      const validated = await original(exchange);
      if (validated.kind === "valid") return validated;
      reached();
      return { kind: "valid", work: () => ({ body: { apology: "That was not a valid request." } }) };
    }),
  },
  {
    id: "crashes-on-invalid-and-paid",
    breaks: "Answers 500 when an invalid request brings a payment.",
    caughtBy: ["seller.validate.invalid-and-paid-is-not-charged", "seller.validate.invalid-with-bad-payment"],
    build: replacing("validate", (original, reached) => async (exchange) => {
      const validated = await original(exchange);
      if (validated.kind === "valid" || exchange.request.headers["payment-signature"] === undefined)
        return validated;
      reached();
      throw new TypeError("Cannot read properties of undefined (reading 'city')");
    }),
  },
  {
    id: "works-before-validating",
    breaks: "Starts the paid work before it looks at the request.",
    caughtBy: ["seller.validate.invalid-does-no-work"],
    build: replacing("validate", (original, reached) => async (exchange) => {
      const validated = await original(exchange);
      const { route, request, seller } = exchange;
      if (validated.kind === "invalid" && request.headers["payment-signature"] !== undefined) {
        reached();
        const requestId = String(request.headers["x-request-id"]);
        await seller.onWork?.({ route: route.name, url: request.url, requestId });
      }
      return validated;
    }),
  },
  {
    id: "works-before-verifying",
    breaks: "Does the paid work before the payment is verified.",
    caughtBy: [
      "seller.settlement.unverified-work-is-not-done",
      "seller.settlement.forged-payment-does-no-work",
      ...everyNodeOutage,
      "seller.chain.token-without-code",
      "seller.settlement.waits-for-a-slow-verify",
      "seller.settlement.stays-closed-in-a-long-outage",
      "seller.settlement.fails-closed-on-verify-400",
      ...everyOutage,
    ],
    build: replacing("verify", (original, reached) => async (exchange, order) => {
      reached();
      const { route, request, seller } = exchange;
      const requestId = String(request.headers["x-request-id"]);
      await seller.onWork?.({ route: route.name, url: request.url, requestId });
      return original(exchange, order);
    }),
  },
  {
    id: "does-not-verify",
    breaks: "Serves and settles without verifying.",
    caughtBy: [
      "seller.settlement.forged-payment-does-no-work",
      ...everyNodeOutage,
      "seller.chain.token-without-code",
      "seller.replay.after-restart",
      ...ofBothPermits("without-allowance"),
      "seller.upto.underpaid-by-one",
    ],
    build: replacing("verify", (_original, reached) => () => {
      reached();
      return { kind: "verified" };
    }),
  },
  {
    id: "overlooks-the-verdict",
    breaks: "Asks the facilitator to verify, and does not mind a no.",
    caughtBy: [
      "seller.settlement.verify-refusal-is-402-with-a-challenge",
      "seller.settlement.unverified-work-is-not-done",
      "seller.settlement.forged-payment-does-no-work",
      "seller.settlement.waits-for-a-slow-verify",
      "seller.settlement.fails-closed-on-verify-400",
      ...everyNodeOutage,
      "seller.chain.token-without-code",
      "seller.replay.after-restart",
      ...ofBothPermits("without-allowance"),
      "seller.upto.underpaid-by-one",
    ],
    build: replacing("verify", (original, reached) => async (exchange, order) => {
      const verified = await original(exchange, order);
      if (verified.kind === "verified" || verified.refusal.kind !== "invalid") return verified;
      reached();
      return { kind: "verified" };
    }),
  },
  {
    id: "fails-open",
    breaks: "Takes a facilitator that gives no opinion for one that says yes.",
    caughtBy: everyOutage,
    build: replacing("verify", (original, reached) => async (exchange, order) => {
      const verified = await original(exchange, order);
      if (verified.kind === "verified" || verified.refusal.kind !== "unavailable") return verified;
      reached();
      return { kind: "verified" };
    }),
  },
  {
    id: "echoes-the-facilitators-error",
    breaks: "Shows the buyer the facilitator's raw error.",
    caughtBy: ["seller.settlement.internals-stay-inside"],
    build: replacing("verify", (_original, reached) => async ({ seller }, order) => {
      const verification = await seller.facilitator.verify(order);
      if (verification.kind === "valid") return { kind: "verified" };
      if (verification.kind === "invalid") {
        return { kind: "refused", refusal: { kind: "invalid", reason: verification.reason } };
      }
      reached();
      return { kind: "refused", refusal: { kind: "invalid", reason: verification.failure.detail } };
    }),
  },
  {
    id: "refuses-without-a-challenge",
    breaks: "Answers 402 without PAYMENT-REQUIRED when a payment does not verify.",
    caughtBy: ["seller.settlement.verify-refusal-is-402-with-a-challenge"],
    build: replacing("refuse", (original, reached) => async (exchange, offer, refusal) => {
      reached();
      const { "payment-required": _, ...headers } = (await original(exchange, offer, refusal)).headers;
      return { ...(await original(exchange, offer, refusal)), headers };
    }),
  },
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
    caughtBy: everyUnknownSettlement,
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
    id: "takes-pending-for-settled",
    breaks: "Delivers while the settlement is still pending.",
    caughtBy: ["seller.settlement.pending-is-not-success"],
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
