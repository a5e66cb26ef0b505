import { type Exchange, sellerSteps } from "#sandbox";
import type { Mutant } from "../mutant.ts";

/** Sellers that know a request again before they look for its payment. */
export const cacheMutants: readonly Mutant[] = [
  knowingAgain(
    "idempotency-before-the-paywall",
    "idempotency-key",
    "Serves what was sold under an Idempotency-Key to whoever names it.",
    () => true,
  ),
  knowingAgain(
    "request-ids-before-the-paywall",
    "x-request-id",
    "Serves what was sold under an X-Request-Id to whoever names it and brings any payment.",
    ({ request }) => request.headers["payment-signature"] !== undefined,
  ),
  {
    id: "not-modified-before-the-paywall",
    breaks: "Says for nothing whether what is sold has changed, to requests with If-None-Match.",
    caughtBy: ["seller.access.conditions-open-nothing"],
    build: (reached) => ({
      front: ({ headers }, response, forward) => {
        if (headers["if-none-match"] === undefined || headers["payment-signature"] !== undefined)
          return forward();
        reached();
        response.writeHead(304).end();
      },
    }),
  },
];

function knowingAgain(
  id: string,
  header: string,
  breaks: string,
  isLetIn: (exchange: Exchange) => boolean,
): Mutant {
  return {
    id,
    breaks,
    caughtBy: ["seller.access.request-keys-open-nothing"],
    build: (reached) => {
      const sold = new Set<unknown>();
      return {
        steps: {
          ...sellerSteps,
          offer: (exchange) => {
            if (!sold.has(exchange.request.headers[header]) || !isLetIn(exchange))
              return sellerSteps.offer(exchange);
            reached();
            return undefined;
          },
          respond: (exchange, goods, settlement) => {
            const key = exchange.request.headers[header];
            if (settlement.kind === "settled" && key !== undefined) sold.add(key);
            return sellerSteps.respond(exchange, goods, settlement);
          },
        },
      };
    },
  };
}
