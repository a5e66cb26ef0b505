import { z } from "zod";
import { referenceRoutes, route, sellerSteps } from "#sandbox";
import { type Mutant, replacing } from "../mutant.ts";

/** Sellers with a way around the paywall. */
export const accessMutants: readonly Mutant[] = [
  {
    id: "head-is-free",
    breaks: "Runs the paid handler for HEAD without payment.",
    caughtBy: ["seller.access.head-is-not-served"],
    build: replacing("offer", (original, reached) => (exchange) => {
      if (exchange.request.method !== "HEAD") return original(exchange);
      reached();
      return undefined;
    }),
  },
  {
    id: "preflight-is-paid",
    breaks: "Asks a CORS preflight to pay.",
    caughtBy: ["seller.access.preflight-is-free"],
    build: (reached) => ({
      front: (request, response, forward) => {
        if (request.method !== "OPTIONS") return forward();
        reached();
        response.writeHead(402).end();
      },
    }),
  },
  {
    id: "override-is-believed",
    breaks: "Takes a method override header for a preflight and lets it through.",
    caughtBy: ["seller.access.method-override"],
    build: replacing("offer", (original, reached) => (exchange) => {
      if (exchange.request.headers["x-http-method-override"] === undefined) return original(exchange);
      reached();
      return undefined;
    }),
  },
  {
    id: "trailing-slash-is-unguarded",
    breaks: "Serves the path with a trailing slash past the paywall.",
    caughtBy: ["seller.access.path-variants"],
    build: (reached) => ({ routes: [...referenceRoutes, unguarded("/weather/", reached)] }),
  },
  {
    id: "free-route-takes-money",
    breaks: "Takes whatever payment comes along with a free request.",
    caughtBy: ["seller.access.free-is-free"],
    build: replacing("offer", (original, reached) => async (exchange) => {
      const { route, request, seller } = exchange;
      const sold = referenceRoutes.find(({ path }) => path === "/weather");
      if (
        route.path !== "/free" ||
        request.headers["payment-signature"] === undefined ||
        sold === undefined
      ) {
        return original(exchange);
      }
      reached();
      const url = new URL("/weather?city=Berlin", request.url).href;
      return original({ route: sold, request: { ...request, url, query: { city: "Berlin" } }, seller });
    }),
  },
  {
    id: "sells-what-it-does-not-have",
    breaks: "Takes payment for any path, and then says that there is nothing there.",
    caughtBy: ["seller.access.unknown-route-takes-nothing"],
    build: (reached) => ({
      routes: [...referenceRoutes, nothing],
      steps: {
        ...sellerSteps,
        handle: async (exchange, work) => {
          const handled = await sellerSteps.handle(exchange, work);
          if (exchange.route.description !== nothing.description) return handled;
          reached();
          return { kind: "done", answer: handled.answer };
        },
      },
    }),
  },
];

const nothing = route({
  method: "GET",
  path: "/:anything",
  price: 1_000n,
  description: "Whatever you like",
  input: z.object({}),
  handle: () => ({ status: 404, body: { error: "not_found" } }),
});

function unguarded(path: string, reached: () => void) {
  const paid = referenceRoutes.find((candidate) => candidate.path === "/weather");
  return route({
    method: "GET",
    path,
    description: "The weather, for nothing",
    input: z.object({}),
    handle: async (_input, request) => {
      reached();
      const { params, query } = request;
      const prepared = paid?.prepare({ params, query }, request);
      return prepared?.kind === "ready" ? prepared.work() : { status: 400 };
    },
  });
}
