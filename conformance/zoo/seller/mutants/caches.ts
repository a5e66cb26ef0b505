import { type Answer, type Exchange, sellerSteps } from "#sandbox";
import type { ReferenceVariation } from "../../../subjects/index.ts";
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
  {
    id: "paid-answers-in-a-shared-cache",
    breaks: "Keeps what is bought often in a cache in front of it, for everybody.",
    caughtBy: ["seller.access.kept-answers-open-nothing"],
    // As of `proxy_cache_min_uses`: the first sales come about.
    build: (reached) => cachingWhatIsBought({ oftenEnough: 3, reached }),
  },
];

/** A cache that keeps what was bought `oftenEnough`, for a while or for good, and gives it to whoever asks for it. */
export function cachingWhatIsBought({
  oftenEnough,
  forMs = Number.POSITIVE_INFINITY,
  reached = () => {},
}: {
  readonly oftenEnough: number;
  readonly forMs?: number;
  readonly reached?: () => void;
}): ReferenceVariation {
  const sales = new Map<string, number>();
  const kept = new Map<string, { readonly answer: Answer; readonly until: number }>();
  return {
    steps: {
      ...sellerSteps,
      respond: async (exchange, goods, settlement) => {
        const answer = await sellerSteps.respond(exchange, goods, settlement);
        const { pathname, search } = new URL(exchange.request.url);
        const target = `${pathname}${search}`;
        const times = (sales.get(target) ?? 0) + 1;
        sales.set(target, times);
        if (settlement.kind === "settled" && times >= oftenEnough)
          kept.set(target, { answer, until: Date.now() + forMs });
        return answer;
      },
    },
    front: ({ headers, method, url = "" }, response, forward) => {
      const { answer, until = 0 } = kept.get(url) ?? {};
      const isAskedAnew = method !== "GET" || headers["payment-signature"] !== undefined;
      if (answer === undefined || isAskedAnew || Date.now() > until) return forward();
      reached();
      response.writeHead(answer.status, { ...answer.headers }).end(String(answer.body));
    },
  };
}

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
