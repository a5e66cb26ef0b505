import { type FacilitatorMutant, type HonestAnswer, json, telling, withSteps } from "../mutant.ts";
import { permitIn } from "../permits.ts";

/** Facilitators that settle payments by Permit2 wrongly, or tell wrongly what they settled. */
export const permit2SettlementMutants: readonly FacilitatorMutant[] = [
  {
    id: "charges-the-bound",
    breaks: "Transfers all that a permit of upto allows, whatever is charged.",
    caughtBy: [
      "facilitator.audit.reports-equal-transfers",
      "facilitator.upto.charged-once",
      "facilitator.upto.settles",
      "facilitator.upto.two-charges-at-once",
      "facilitator.sponsoring.settles-upto",
      "facilitator.upto.charged-does-not-verify",
      "facilitator.upto.different-charges-at-once",
    ],
    build: withSteps((original, reached) => ({
      broadcast: (payment, desk) => {
        if (payment.method !== "permit2" || payment.permitted === payment.authorization.value)
          return original.broadcast(payment, desk);
        reached();
        const { authorization, permitted } = payment;
        return original.broadcast(
          { ...payment, authorization: { ...authorization, value: permitted } },
          desk,
        );
      },
    })),
  },
  {
    id: "charge-untold",
    breaks: "Does not tell what it charged.",
    caughtBy: ["facilitator.upto.charged-nothing", "facilitator.upto.tells-the-charge"],
    build: telling("settle", ({ amount, ...honest }) => (amount === undefined ? undefined : honest)),
  },
  {
    id: "refuses-to-charge-nothing",
    breaks: "Refuses a charge of nothing.",
    caughtBy: ["facilitator.upto.charged-nothing"],
    build: telling("settle", ({ amount, network }) =>
      amount === "0"
        ? { success: false, errorReason: "invalid_payment_requirements", transaction: "", network }
        : undefined,
    ),
  },
  {
    id: "knows-permits-by-their-nonce",
    breaks: "Answers any permit with a nonce that it has settled as it answered that one.",
    caughtBy: [
      "facilitator.permit2.nonce-of-another-payment",
      "facilitator.upto.charged-once",
      "facilitator.permit2.settled-for-other-terms",
      "facilitator.sponsoring.nonce-of-another-payment",
      "facilitator.sponsoring.settled-for-other-terms",
      "facilitator.upto.settled-for-other-terms",
    ],
    build: (reached) => {
      const settled = new Map<string, HonestAnswer>();
      return {
        intercept: async (call) => {
          const nonce = permitIn(call.request)?.nonce;
          if (call.endpoint !== "settle" || nonce === undefined) return undefined;
          const earlier = settled.get(nonce);
          if (earlier !== undefined) {
            reached();
            return json(200, earlier);
          }
          const honest = { ...(await call.proceed()) };
          if ("success" in honest && honest.success === true) settled.set(nonce, honest);
          return json(200, honest);
        },
      };
    },
  },
  {
    id: "tells-of-permits-that-come-at-once",
    breaks: "Names a transaction that never was to those who settle a permit while it is being settled.",
    caughtBy: [
      "facilitator.permit2.eight-at-once",
      "facilitator.upto.two-charges-at-once",
      "facilitator.sponsoring.eight-at-once",
      "facilitator.permit2.one-nonce-for-two-payees-at-once",
      "facilitator.upto.different-charges-at-once",
      "facilitator.upto.one-nonce-for-two-payees-at-once",
    ],
    build: (reached) => {
      const inFlight = new Set<string>();
      return {
        intercept: async (call) => {
          const nonce = permitIn(call.request)?.nonce;
          if (call.endpoint !== "settle" || nonce === undefined) return undefined;
          if (inFlight.has(nonce)) {
            reached();
            return json(200, { success: true, transaction: `0x${"0".repeat(64)}`, network: call.network });
          }
          inFlight.add(nonce);
          const honest = await call.proceed().finally(() => inFlight.delete(nonce));
          return json(200, honest);
        },
      };
    },
  },
  {
    id: "settles-a-permit-and-says-it-failed",
    breaks: "Moves the money of a permit that was verified, and reports a failure.",
    caughtBy: [
      "facilitator.permit2.settles",
      "facilitator.upto.settles",
      "facilitator.sponsoring.allowance-sent-before",
      "facilitator.sponsoring.settles",
      "facilitator.permit2.addresses-in-lower-case",
      "facilitator.permit2.malformed",
      "facilitator.upto.addresses-in-lower-case",
      "facilitator.upto.malformed",
    ],
    build: (reached) => {
      const verified = new Set<string>();
      return {
        intercept: async (call) => {
          const nonce = permitIn(call.request)?.nonce;
          if (nonce === undefined) return undefined;
          if (call.endpoint === "verify") verified.add(nonce);
          if (call.endpoint !== "settle" || !verified.has(nonce)) return undefined;
          await call.proceed();
          reached();
          const network = call.network;
          return json(200, {
            success: false,
            errorReason: "unexpected_settle_error",
            transaction: "",
            network,
          });
        },
      };
    },
  },
];
