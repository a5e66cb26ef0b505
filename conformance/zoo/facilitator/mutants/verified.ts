import { setTimeout as delay } from "node:timers/promises";
import {
  askedIn,
  type FacilitatorMutant,
  type HonestAnswer,
  json,
  sayingYes,
  telling,
  withSteps,
} from "../mutant.ts";

/** Facilitators that lean on what they found out before, or of others, when they verified. */
export const verifiedMutants: readonly FacilitatorMutant[] = [
  {
    id: "remembers-what-verified",
    breaks: "Says again that a payment is valid that it found to be valid before.",
    caughtBy: ["facilitator.settlement.settled-does-not-verify"],
    build: (reached) => {
      const verified = new Set<string>();
      return telling("verify", (honest, { request }) => {
        const { signature } = askedIn(request) ?? {};
        if (signature === undefined) return undefined;
        if (honest.isValid === true) verified.add(signature);
        return honest.isValid === false && verified.has(signature) ? { isValid: true } : undefined;
      })(reached);
    },
  },
  {
    id: "remembers-what-would-fail",
    breaks: "Says for ever that a payment would fail that would have failed once.",
    caughtBy: ["facilitator.verify.refused-until-unpaused"],
    build: refusingAgain("invalid_transaction_state"),
  },
  {
    id: "remembers-outages",
    breaks: "Says for ever of a payment that it could not be verified, when the node did not answer once.",
    caughtBy: ["facilitator.chain.verifies-after-an-outage"],
    build: refusingAgain("unexpected_verify_error"),
  },
  {
    id: "one-verdict-for-a-crowd",
    breaks: "Gives the verdict of one of them to all payments of a payer that are looked at together.",
    caughtBy: ["facilitator.verify.sixteen-answers-of-their-own"],
    build: (reached) => {
      const crowds = new Map<string, { underWay: number; verdict?: HonestAnswer }>();
      return {
        intercept: async ({ endpoint, request, proceed }) => {
          const from = askedIn(request)?.authorization.from;
          if (endpoint !== "verify" || from === undefined) return undefined;
          const crowd = crowds.get(from) ?? { underWay: 0 };
          crowds.set(from, crowd);
          crowd.underWay += 1;
          // It waits for others that it could look at together with this one.
          await delay(20);
          const isCrowd = crowd.underWay > 2;
          const honest: HonestAnswer = { ...(await proceed()) };
          crowd.underWay -= 1;
          if (!isCrowd) return json(200, honest);
          crowd.verdict ??= honest;
          if (crowd.verdict.isValid !== honest.isValid) reached();
          return json(200, crowd.verdict);
        },
      };
    },
  },
  {
    id: "settles-what-verified-on-any-terms",
    breaks: "Compares price and payee of a payment only when it verifies it.",
    caughtBy: ["facilitator.settlement.verified-for-other-terms"],
    build: (reached) => {
      const verified = new Set<string>();
      const { intercept } = sayingYes(({ signature }, { errorReason }) => {
        return verified.has(signature) && /_(recipient|value)_mismatch$/.test(String(errorReason));
      })(reached);
      return {
        intercept: async (call) => {
          const { signature } = askedIn(call.request) ?? {};
          const proceed = async () => {
            const honest = await call.proceed();
            if (signature !== undefined && "isValid" in honest && honest.isValid) verified.add(signature);
            return honest;
          };
          return intercept?.({ ...call, proceed });
        },
      };
    },
  },
  {
    id: "sends-what-verified",
    breaks: "Sends what it found to be valid before without looking at the chain again.",
    caughtBy: ["facilitator.settlement.verified-and-cancelled-is-not-sent"],
    build: (reached) => {
      const verified = new Set<string>();
      const settling = new Set<string>();
      const isTrusted = (signature: string) => verified.has(signature) && settling.has(signature);
      const { steps } = withSteps(({ check, simulate }) => ({
        check: async (payment, desk, checks) => {
          const refusal = await check(payment, desk, checks);
          if (refusal !== undefined && isTrusted(payment.signature)) reached();
          return isTrusted(payment.signature) ? undefined : refusal;
        },
        simulate: async (payment, desk) => {
          const refusal = await simulate(payment, desk);
          return isTrusted(payment.signature) ? undefined : refusal;
        },
      }))(reached);
      return {
        ...(steps && { steps }),
        intercept: async ({ endpoint, request, proceed }) => {
          const asked = askedIn(request);
          if (endpoint === "supported" || asked === undefined) return undefined;
          if (endpoint === "settle") settling.add(asked.signature);
          const honest: HonestAnswer = { ...(await proceed()) };
          if (honest.isValid === true) verified.add(asked.signature);
          return json(200, honest);
        },
      };
    },
  },
];

/** The reference, which does not verify again what it has refused for a reason before. */
function refusingAgain(reason: string): FacilitatorMutant["build"] {
  return (reached) => {
    const refusals = new Map<string, HonestAnswer>();
    return telling("verify", (honest, { request }) => {
      const { signature } = askedIn(request) ?? {};
      if (signature === undefined) return undefined;
      if (honest.invalidReason === reason) refusals.set(signature, honest);
      return honest.isValid === true ? refusals.get(signature) : undefined;
    })(reached);
  };
}
