import {
  type FacilitatorMutant,
  type HonestAnswer,
  json,
  signatureIn,
  telling,
  withSteps,
} from "../mutant.ts";
import { ofPermits } from "../ways.ts";

/** Facilitators that move money wrongly, or tell wrongly whether it moved. */
export const settlementMutants: readonly FacilitatorMutant[] = [
  {
    id: "settles-and-says-it-failed",
    breaks: "Moves the money and reports a failure. Nobody can be paid through it.",
    caughtBy: [
      "facilitator.api.network-is-the-settled-one",
      "facilitator.api.payer-is-the-payer",
      "facilitator.api.payto-in-any-case",
      "facilitator.api.resource-left-out",
      "facilitator.api.signers-send-the-transfers",
      "facilitator.settlement.addresses-in-lower-case",
      "facilitator.settlement.moves-the-amount-and-nothing-else",
      "facilitator.settlement.transfers-as-signed",
      "facilitator.settlement.valid-since-ever",
      "facilitator.settlement.verified-is-settled",
      "facilitator.settlement.without-verify",
      "facilitator.v1.network-by-its-name",
      "facilitator.v1.settles",
      "facilitator.upto.addresses-in-lower-case",
    ],
    sellsNothing: true,
    build: telling("settle", (honest) =>
      honest.success === true
        ? {
            success: false,
            errorReason: "unexpected_settle_error",
            transaction: "",
            network: honest.network,
          }
        : undefined,
    ),
  },
  {
    id: "settles-only-what-it-verified",
    breaks: "Refuses to settle what was not verified before.",
    caughtBy: [
      "facilitator.api.network-is-the-settled-one",
      "facilitator.api.payer-is-the-payer",
      "facilitator.api.payto-in-any-case",
      "facilitator.api.signers-send-the-transfers",
      "facilitator.settlement.moves-the-amount-and-nothing-else",
      "facilitator.settlement.transfers-as-signed",
      "facilitator.settlement.without-verify",
      "facilitator.v1.network-by-its-name",
    ],
    sellsNothing: true,
    build: (reached) => {
      const verified = new Set<string>();
      return {
        intercept: async ({ endpoint, request, network }) => {
          const name = JSON.stringify(request);
          if (endpoint === "verify") verified.add(name);
          if (endpoint !== "settle" || verified.has(name)) return undefined;
          reached();
          return json(200, failure("invalid_transaction_state", network));
        },
      };
    },
  },
  {
    id: "verify-settles",
    breaks: "Moves the money when it is only asked to verify.",
    caughtBy: [
      "facilitator.settlement.all-that-the-payer-holds",
      "facilitator.api.resource-left-out",
      "facilitator.audit.reports-equal-transfers",
      "facilitator.settlement.addresses-in-lower-case",
      "facilitator.settlement.settled-does-not-verify",
      "facilitator.settlement.valid-since-ever",
      "facilitator.settlement.verified-and-cancelled-is-not-sent",
      "facilitator.settlement.verified-is-settled",
      "facilitator.settlement.verify-moves-nothing",
      "facilitator.token.without-code",
      "facilitator.v1.settles",
    ],
    build: (reached) => {
      const asked = new Set<unknown>();
      const { steps } = withSteps((original) => ({
        simulate: async (payment, desk) => {
          const refusal = await original.simulate(payment, desk);
          if (refusal === undefined && asked.has(payment.signature)) {
            reached();
            const sending = await original.broadcast(payment, desk);
            if (sending.sent) await original.confirm(payment, sending.transaction.hash, desk);
          }
          return refusal;
        },
      }))(reached);
      return {
        ...(steps === undefined ? {} : { steps }),
        intercept: async ({ endpoint, request }) => {
          if (endpoint === "verify") asked.add(signatureIn(request));
          else asked.delete(signatureIn(request));
          return undefined;
        },
      };
    },
  },
  {
    id: "sends-again-what-it-settled",
    breaks: "Sends the transfer of a settled payment once more; the token refuses it, and the gas is lost.",
    caughtBy: [
      "facilitator.settle.cancelled-nonce",
      "facilitator.settle.used-nonce",
      "facilitator.settlement.once-across-a-restart",
      "facilitator.settlement.pending-across-a-restart",
      ...ofPermits("pending-across-a-restart"),
      "facilitator.settlement.verified-and-cancelled-is-not-sent",
      "facilitator.v1.state-to-settle",
      "facilitator.v1.state-to-verify",
      "facilitator.verify.cancelled-nonce",
      "facilitator.verify.used-nonce",
    ],
    build: (reached) => ({
      ...withSteps((original) => ({
        record: () => undefined,
        checks: {
          ...original.checks,
          state: original.checks.state.filter(({ name }) => name !== "nonce unused"),
        },
        simulate: async (payment, desk) => {
          const refusal = await original.simulate(payment, desk);
          const isUsed = refusal?.message.includes("authorization is used") ?? false;
          if (isUsed) reached();
          return isUsed ? undefined : refusal;
        },
      }))(reached),
      forgetful: true,
    }),
  },
  {
    id: "tells-of-a-second-transfer",
    breaks: "Names a transaction that never was when a settled payment is settled again.",
    caughtBy: [
      "facilitator.chain.answer-lost",
      "facilitator.chain.reorganized",
      "facilitator.permit2.eight-at-once",
      "facilitator.permit2.settles",
      "facilitator.settlement.2-at-once",
      "facilitator.settlement.64-at-once",
      "facilitator.settlement.8-at-once",
      "facilitator.settlement.once",
      "facilitator.settlement.once-across-a-restart",
      "facilitator.settlement.one-nonce-for-two-payees-at-once",
      "facilitator.upto.charged-once",
      "facilitator.upto.two-charges-at-once",
      "facilitator.v1.once",
      "facilitator.sponsoring.eight-at-once",
      "facilitator.sponsoring.settles",
      "facilitator.permit2.one-nonce-for-two-payees-at-once",
      "facilitator.upto.one-nonce-for-two-payees-at-once",
      ...ofPermits("once", "once-across-a-restart"),
    ],
    build: (reached) => {
      const settled = new Set<string>();
      return {
        intercept: async (call) => {
          if (call.endpoint !== "settle") return undefined;
          const name = JSON.stringify(call.request);
          const honest: HonestAnswer = { ...(await call.proceed()) };
          if (!settled.has(name)) {
            if (honest.success === true) settled.add(name);
            return json(200, honest);
          }
          reached();
          return json(200, { success: true, transaction: `0x${"2".repeat(64)}`, network: call.network });
        },
      };
    },
  },
  {
    id: "makes-up-the-second-of-two-at-once",
    breaks: "Makes up a transaction for a payment that is being settled by another call.",
    caughtBy: [
      "facilitator.permit2.eight-at-once",
      "facilitator.settlement.2-at-once",
      "facilitator.settlement.64-at-once",
      "facilitator.settlement.8-at-once",
      "facilitator.settlement.one-nonce-for-two-payees-at-once",
      "facilitator.upto.two-charges-at-once",
      "facilitator.sponsoring.eight-at-once",
      "facilitator.permit2.one-nonce-for-two-payees-at-once",
      "facilitator.upto.one-nonce-for-two-payees-at-once",
    ],
    build: (reached) => {
      const underWay = new Set<string>();
      return {
        intercept: async (call) => {
          if (call.endpoint !== "settle") return undefined;
          const name = JSON.stringify(call.request);
          if (underWay.has(name)) {
            reached();
            return json(200, { success: true, transaction: `0x${"3".repeat(64)}`, network: call.network });
          }
          underWay.add(name);
          const honest = await call.proceed();
          underWay.delete(name);
          return json(200, honest);
        },
      };
    },
  },
  {
    id: "collides-with-itself",
    breaks:
      "Fails a settlement when more than eight others are under way, as with one account nonce for all.",
    caughtBy: [
      "facilitator.settlement.sixteen-payments-at-once",
      "facilitator.permit2.sixteen-payments-at-once",
      "facilitator.upto.sixteen-payments-at-once",
    ],
    build: (reached) => {
      let underWay = 0;
      return {
        intercept: async (call) => {
          if (call.endpoint !== "settle") return undefined;
          if (underWay >= 8) {
            reached();
            return json(200, failure("unexpected_settle_error", call.network));
          }
          underWay += 1;
          const honest = await call.proceed();
          underWay -= 1;
          return json(200, honest);
        },
      };
    },
  },
  {
    id: "compares-payto-letter-by-letter",
    breaks: "Takes payTo in lower case for another address.",
    caughtBy: ["facilitator.api.payto-in-any-case", "facilitator.settlement.addresses-in-lower-case"],
    build: withSteps(({ checks }, reached) => ({
      checks: {
        ...checks,
        payment: checks.payment.map((check) =>
          check.name === "recipient"
            ? {
                ...check,
                check: ({ authorization, requirements }) => {
                  if (authorization.to === requirements.payTo) return undefined;
                  reached();
                  return "payTo is another";
                },
              }
            : check,
        ),
      },
    })),
  },
  {
    id: "settles-smart-accounts-and-says-it-failed",
    breaks: "Moves the money of a payer that has code, and reports a failure.",
    caughtBy: ["facilitator.smart-account.settles"],
    build: (reached) => {
      const signedByCode = new Set<unknown>();
      const { steps } = withSteps((original) => ({
        check: async (payment, desk, checks) => {
          const code = await desk.chain.getCode({ address: payment.authorization.from });
          if (code !== undefined) signedByCode.add(payment.signature);
          return original.check(payment, desk, checks);
        },
      }))(reached);
      return {
        ...(steps === undefined ? {} : { steps }),
        intercept: async ({ endpoint, request, network, proceed }) => {
          if (endpoint !== "settle") return undefined;
          const honest: HonestAnswer = { ...(await proceed()) };
          const isMoved = honest.success === true && signedByCode.has(signatureIn(request));
          if (!isMoved) return json(200, honest);
          reached();
          return json(200, failure("unexpected_settle_error", network));
        },
      };
    },
  },
];

function failure(errorReason: string, network: string) {
  return { success: false, errorReason, transaction: "", network };
}
