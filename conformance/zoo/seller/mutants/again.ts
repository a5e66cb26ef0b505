import { type Answer, type Exchange, sellerSteps } from "#sandbox";
import { changing, type Mutant } from "../mutant.ts";
import { settledInTheSellersWords } from "./retry.ts";

/** Sellers that forget that a payment was never settled. */
export const againMutants: readonly Mutant[] = [
  {
    id: "resumes-without-settling",
    breaks: "Takes a payment that comes again, after a settlement that got no answer, for settled.",
    caughtBy: ["seller.settlement.again-after-settle-500", "seller.settlement.again-after-settle-hangs-up"],
    build: (reached) => {
      const resumed = new WeakSet<object>();
      return {
        steps: {
          ...sellerSteps,
          claim: async (exchange, offer, payment) => {
            const claimed = await sellerSteps.claim(exchange, offer, payment);
            if (claimed.kind === "resumed") resumed.add(exchange.request);
            return claimed;
          },
          settle: async (exchange, order) => {
            if (!resumed.has(exchange.request)) return sellerSteps.settle(exchange, order);
            reached();
            return settledInTheSellersWords(exchange);
          },
        },
      };
    },
  },
  {
    id: "gives-away-what-it-kept",
    breaks: "Keeps the goods of a settlement that failed, and hands them to who sends the payment again.",
    caughtBy: [
      "seller.settlement.again-after-settle-refuses",
      "seller.identifier.failed-settlement-is-no-sale",
    ],
    build: (reached) => {
      const kept = new Map<string, Answer>();
      const unpaid = new WeakSet<object>();
      return {
        steps: {
          ...sellerSteps,
          claim: async (exchange, offer, payment) => {
            const goods = kept.get(paymentIn(exchange));
            const claimed = await sellerSteps.claim(exchange, offer, payment);
            if (goods === undefined || claimed.kind !== "granted") return claimed;
            unpaid.add(exchange.request);
            return { kind: "resumed", claim: claimed.claim, goods };
          },
          settle: async (exchange, order) => {
            if (!unpaid.has(exchange.request)) return sellerSteps.settle(exchange, order);
            reached();
            return settledInTheSellersWords(exchange);
          },
          respond: (exchange, goods, settlement) => {
            if (settlement.kind === "failed" && typeof goods.body === "string")
              kept.set(paymentIn(exchange), goods);
            return sellerSteps.respond(exchange, goods, settlement);
          },
        },
      };
    },
  },
  {
    id: "sign-in-of-the-unsettled",
    breaks: "Lets in who signs in after a payment that was verified, although it was never settled.",
    caughtBy: ["seller.sign-in.whose-settlement-failed"],
    build: (reached) => ({
      extensions: changing("sign-in-with-x", (own) => ({
        ...own,
        sellOnce: async (exchange, payment, sell) => {
          const answer = await sell();
          if (answer.status !== 402) return answer;
          reached();
          const { network } = exchange.seller.terms;
          const payer = payment.authorization.from;
          await own.settled?.(exchange, { success: true, transaction: "0x", network, payer });
          return answer;
        },
      })),
    }),
  },
];

/** The payment header of a request, of whichever version. */
export function paymentIn({ request }: { request: Pick<Exchange["request"], "headers"> }): string {
  return String(request.headers["payment-signature"] ?? request.headers["x-payment"]);
}
