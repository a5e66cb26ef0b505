import {
  type Asked,
  askedIn,
  type FacilitatorMutant,
  type HonestAnswer,
  json,
  withSteps,
} from "../mutant.ts";
import { permitIn } from "../permits.ts";

/** Facilitators that remember too much, or take one payment for another. */
export const memoryMutants: readonly FacilitatorMutant[] = [
  {
    id: "remembers-nonces-of-anybody",
    breaks: "Answers with the settlement of another payer who has used the same nonce.",
    caughtBy: ["facilitator.settlement.one-nonce-of-two-payers"],
    build: repeating(sameNonce((one, other) => one.authorization.from !== other.authorization.from)),
  },
  {
    id: "remembers-nonces-for-any-payee",
    breaks: "Answers with the settlement of the same nonce for another payee.",
    caughtBy: ["facilitator.settlement.one-nonce-for-two-payees"],
    build: repeating(sameNonce((one, other) => one.requirements.payTo !== other.requirements.payTo)),
  },
  {
    id: "remembers-nonces-in-any-token",
    breaks: "Answers with the settlement of the same nonce in another token.",
    caughtBy: ["facilitator.settlement.one-nonce-in-two-tokens"],
    build: repeating(sameNonce((one, other) => one.requirements.asset !== other.requirements.asset)),
  },
  {
    id: "knows-pending-payments-by-their-nonce",
    breaks: "Tells whoever names the nonce of a pending payment what became of it, whatever they demand.",
    caughtBy: ["settlement", "permit2", "upto", "sponsoring"].map(
      (name) => `facilitator.${name}.pending-for-other-terms`,
    ),
    build: (reached) => {
      const pending = new Map<
        string,
        { readonly demanded: string; readonly outcome: () => Promise<object> }
      >();
      return {
        intercept: async ({ endpoint, request, proceed }) => {
          const nonce = askedIn(request)?.authorization.nonce ?? permitIn(request)?.nonce;
          if (endpoint !== "settle" || nonce === undefined) return undefined;
          const demanded = JSON.stringify(request);
          const known = pending.get(nonce);
          const isAnother = known !== undefined && known.demanded !== demanded;
          if (isAnother) reached();
          const outcome = isAnother ? known.outcome : proceed;
          const answer: HonestAnswer = { ...(await outcome()) };
          // v1 has no code for it.
          const isPending = ["settlement_pending", "unexpected_settle_error"].includes(
            String(answer.errorReason),
          );
          if (known === undefined && isPending && answer.transaction !== "")
            pending.set(nonce, { demanded, outcome });
          return json(200, answer);
        },
      };
    },
  },
  {
    id: "remembers-names-of-payments",
    breaks: "Answers with the settlement of another payment under the same payment-identifier.",
    caughtBy: ["facilitator.identifier.two-payments-one-name"],
    build: repeating(
      (one, other) =>
        one.identifier !== undefined && JSON.stringify(one.identifier) === JSON.stringify(other.identifier),
    ),
  },
  {
    id: "shares-settlements-of-one-nonce",
    breaks: "Answers with the settlement that is under way for another payee under the same nonce.",
    caughtBy: ["facilitator.settlement.one-nonce-for-two-payees-at-once"],
    build: (reached) => {
      const underWay = new Map<string, { asked: Asked; answer: Promise<object> }>();
      return {
        intercept: async ({ endpoint, request, proceed }) => {
          const asked = askedIn(request);
          if (endpoint !== "settle" || asked === undefined) return undefined;
          const { nonce } = asked.authorization;
          const other = underWay.get(nonce);
          if (other !== undefined && other.asked.requirements.payTo !== asked.requirements.payTo) {
            reached();
            return json(200, await other.answer);
          }
          const answer = proceed();
          underWay.set(nonce, { asked, answer });
          const honest = await answer.finally(() => underWay.delete(nonce));
          return json(200, honest);
        },
      };
    },
  },
  {
    id: "one-transaction-for-a-crowd",
    breaks: "Names the transaction of one of them to all of a crowd, although each has its own.",
    caughtBy: ["facilitator.settlement.sixteen-answers-of-their-own"],
    build: (reached) => {
      let underWay = 0;
      let ofCrowd: unknown;
      let last: Promise<unknown> = Promise.resolve();
      const { steps } = withSteps(({ broadcast }) => ({
        // One after the other, so that no two share a transaction.
        broadcast: (payment, desk) => {
          const turn = last.then(() => broadcast(payment, desk));
          last = turn.catch(() => undefined);
          return turn;
        },
      }))(reached);
      return {
        ...(steps && { steps }),
        intercept: async ({ endpoint, proceed }) => {
          if (endpoint !== "settle") return undefined;
          if (underWay === 0) ofCrowd = undefined;
          underWay += 1;
          const isCrowd = underWay > 8;
          const honest: HonestAnswer = { ...(await proceed()) };
          underWay -= 1;
          if (!isCrowd || honest.success !== true) return json(200, honest);
          ofCrowd ??= honest.transaction;
          if (ofCrowd !== honest.transaction) reached();
          return json(200, { ...honest, transaction: ofCrowd });
        },
      };
    },
  },
];

function sameNonce(isOther: (one: Asked, other: Asked) => boolean) {
  return (one: Asked, other: Asked) =>
    one.authorization.nonce === other.authorization.nonce && isOther(one, other);
}

/** The reference, which answers a payment with the settlement of another one that it takes for the same. */
function repeating(isSame: (earlier: Asked, asked: Asked) => boolean): FacilitatorMutant["build"] {
  return (reached) => {
    const settled: { readonly asked: Asked; readonly answer: HonestAnswer }[] = [];
    return {
      intercept: async ({ endpoint, request, proceed }) => {
        const asked = askedIn(request);
        if (endpoint !== "settle" || asked === undefined) return undefined;
        const earlier = settled.find(
          (one) => one.asked.signature !== asked.signature && isSame(one.asked, asked),
        );
        if (earlier !== undefined) {
          reached();
          return json(200, earlier.answer);
        }
        const answer: HonestAnswer = { ...(await proceed()) };
        if (answer.success === true) settled.push({ asked, answer });
        return json(200, answer);
      },
    };
  };
}
