import {
  type Answer,
  fromBase64Json,
  type Goods,
  readPaymentIdentifier,
  sellerSteps,
  toBase64Json,
} from "#sandbox";
import { changing, type Mutant } from "../mutant.ts";
import { paymentIn } from "./again.ts";
import { noClaim } from "./replay.ts";

/** Sellers that take the money of a buyer and know nothing of it afterwards. */
export const wayBackMutants: readonly Mutant[] = [
  {
    id: "forgets-pending-settlements",
    breaks: "Asks to try again later when a settlement is pending, and then knows nothing of the payment.",
    caughtBy: ["seller.settlement.pending-leaves-a-way-back"],
    build: (reached) => {
      const pending = new Set<string>();
      return {
        steps: {
          ...sellerSteps,
          decode: (exchange) => {
            if (!pending.has(paymentIn(exchange))) return sellerSteps.decode(exchange);
            reached();
            return { kind: "unpaid" };
          },
          respond: (exchange, goods, settlement) => {
            if (settlement.kind !== "pending") return sellerSteps.respond(exchange, goods, settlement);
            pending.add(paymentIn(exchange));
            return { status: 503, headers: {}, body: '{"error":"Try again later"}' };
          },
        },
      };
    },
  },
  {
    id: "asks-who-paid-to-pay",
    breaks:
      "Knows nothing of a payment whose settlement's answer was lost, and tells everybody to have paid.",
    caughtBy: [
      "seller.settlement.lost-answer-leaves-a-way-back",
      "seller.identifier.lost-answer-leaves-a-way-back",
    ],
    build: (reached) => {
      const lost = new Set<string>();
      return {
        steps: {
          ...sellerSteps,
          decode: (exchange) => {
            if (!lost.has(paymentIn(exchange))) return sellerSteps.decode(exchange);
            reached();
            return { kind: "unpaid" };
          },
          challenge: async (exchange, offer) =>
            withError(await sellerSteps.challenge(exchange, offer), "Resources have to be paid."),
          respond: (exchange, goods, settlement) => {
            if (settlement.kind === "unknown") lost.add(paymentIn(exchange));
            return sellerSteps.respond(exchange, goods, settlement);
          },
        },
      };
    },
  },
  {
    id: "keeps-failures-by-id",
    breaks: "Gives a named payment that failed the same answer for ever, also when it was charged.",
    caughtBy: ["seller.identifier.lost-answer-leaves-a-way-back"],
    build: (reached) => {
      const failed = new Map<string, Answer>();
      return {
        extensions: changing("payment-identifier", (own) => ({
          ...own,
          sellOnce: async (exchange, payment, sell) => {
            const id = readPaymentIdentifier(payment.payload.extensions);
            if (!id.ok || id.value === undefined) return sell();
            const known = failed.get(paymentIn(exchange));
            if (known !== undefined) {
              reached();
              return known;
            }
            const answer = (await own.sellOnce?.(exchange, payment, sell)) ?? (await sell());
            if (answer.status >= 500) failed.set(paymentIn(exchange), answer);
            return answer;
          },
        })),
      };
    },
  },
  {
    id: "way-back-stays-open",
    breaks:
      "Hands over what a payment bought in a settlement of unknown end whenever the payment comes again.",
    caughtBy: [
      "seller.settlement.way-back-closes-after-lost-answer",
      "seller.settlement.way-back-closes-after-pending",
    ],
    build: comingBack((refusal) => refusal.includes("used before")),
  },
  {
    id: "way-back-for-all",
    breaks:
      "Hands over what a payment bought in a settlement of unknown end to all who come for it at the same moment.",
    caughtBy: [
      "seller.settlement.way-back-is-for-one-after-lost-answer",
      "seller.settlement.way-back-is-for-one-after-pending",
    ],
    build: comingBack((refusal) => refusal.includes("in use")),
  },
  {
    id: "forgets-who-hangs-up",
    breaks: "Knows nothing of a payment, which it settles all the same, whose buyer lost the connection.",
    caughtBy: ["seller.settlement.hanging-up-leaves-a-way-back"],
    build: (reached) => {
      const lost = new Set<string>();
      return {
        front: (request, response, forward) => {
          const payment = paymentIn({ request });
          if (lost.has(payment)) {
            reached();
            delete request.headers["payment-signature"];
            delete request.headers["x-payment"];
          }
          response.on("close", () => {
            if (!response.writableFinished && payment !== "undefined") lost.add(payment);
          });
          forward();
        },
      };
    },
  },
];

/** Lets a payment that came back for its goods come back for them again where `isOverlooked` says so. */
function comingBack(isOverlooked: (refusal: string) => boolean): Mutant["build"] {
  return (reached) => {
    const kept = new Map<string, Goods>();
    return {
      steps: {
        ...sellerSteps,
        claim: async (exchange, offer, payment) => {
          const claimed = await sellerSteps.claim(exchange, offer, payment);
          if (claimed.kind === "resumed") kept.set(paymentIn(exchange), claimed.goods);
          const goods = kept.get(paymentIn(exchange));
          if (goods === undefined || claimed.kind !== "refused" || claimed.refusal.kind !== "claimed")
            return claimed;
          if (!isOverlooked(claimed.refusal.reason)) return claimed;
          reached();
          return { kind: "resumed", claim: noClaim, goods };
        },
      },
    };
  };
}

/** The same challenge, with another reason in its header. */
function withError(answer: Answer, error: string): Answer {
  const { "payment-required": header = "", ...headers } = answer.headers;
  const challenge = fromBase64Json(header);
  if (!challenge.ok) return answer;
  const changed = toBase64Json({ ...Object(challenge.value), error });
  return { ...answer, headers: { ...headers, "payment-required": changed } };
}
