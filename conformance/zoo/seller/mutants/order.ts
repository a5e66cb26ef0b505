import { type Mutant, replacing } from "../mutant.ts";
import { everyNodeOutage } from "./chain.ts";
import { ofBothPermits } from "./of-both-permits.ts";

/** What must happen when the facilitator gives no opinion. */
const everyOutage = [
  "seller.settlement.fails-closed-on-verify-500",
  "seller.settlement.fails-closed-on-verify-html",
  "seller.settlement.fails-closed-on-verify-truncated",
  "seller.settlement.fails-closed-on-verify-without-verdict",
  "seller.settlement.fails-closed-on-verify-hangs-up",
  "seller.settlement.fails-closed-on-verify-hangs",
  ...ofBothPermits("fails-closed-on-verify-500", "fails-closed-on-verify-hangs-up"),
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
];
