import { z } from "zod";
import { type Exchange, referenceRoutes, route, sellerSteps } from "#sandbox";
import { type Mutant, replacing } from "../mutant.ts";
import { aroundThePaywall, unguarded } from "./around.ts";
import { ofBothPermits } from "./of-both-permits.ts";

/** Sellers with a way around the paywall. */
export const accessMutants: readonly Mutant[] = [
  {
    id: "head-is-free",
    breaks: "Runs the paid handler for HEAD without payment.",
    caughtBy: [
      "seller.access.head-is-not-served",
      "seller.access.head-does-no-work",
      ...ofBothPermits("head-is-not-served"),
    ],
    build: replacing("offer", (original, reached) => (exchange) => {
      if (exchange.request.method !== "HEAD") return original(exchange);
      reached();
      return undefined;
    }),
  },
  {
    id: "works-for-head",
    breaks: "Runs the paid handler for an unpaid HEAD before it asks for money.",
    caughtBy: ["seller.access.head-does-no-work"],
    build: replacing("challenge", (original, reached) => async (exchange, offer) => {
      const { route, request, seller } = exchange;
      if (request.method === "HEAD") {
        reached();
        const requestId = String(request.headers["x-request-id"]);
        await seller.onWork?.({ route: route.name, url: request.url, requestId });
      }
      return original(exchange, offer);
    }),
  },
  aroundThePaywall({
    id: "method-in-the-query-is-believed",
    breaks: "Lets a request through whose query names another method.",
    caughtBy: ["seller.access.method-override-in-the-query"],
    isTaken: ({ url }) => url?.includes("_method=") === true,
  }),
  aroundThePaywall({
    id: "path-in-a-header-is-believed",
    breaks: "Guards the path of the request line and serves the one of a header.",
    caughtBy: ["seller.access.path-in-a-header"],
    isTaken: ({ headers }) => String(headers["x-original-url"]).startsWith("/weather"),
  }),
  aroundThePaywall({
    id: "put-is-unguarded",
    breaks: "Guards one method of a path, and gives for PUT what it sells for GET.",
    caughtBy: ["seller.access.other-methods-open-nothing"],
    isTaken: ({ method, url }) => method === "PUT" && url?.startsWith("/weather") === true,
  }),
  aroundThePaywall({
    id: "absolute-form-is-unguarded",
    breaks: "Does not recognize its paths in a request target that is a whole URL.",
    caughtBy: ["seller.access.absolute-form"],
    isTaken: ({ url }) => url?.startsWith("http") === true,
  }),
  aroundThePaywall({
    id: "malformed-path-is-unguarded",
    breaks: "Lets a path through that cannot be decoded.",
    caughtBy: ["seller.access.path-variants"],
    isTaken: ({ url }) => url?.includes("%zz") === true,
  }),
  {
    id: "preflight-is-paid",
    breaks: "Asks a CORS preflight to pay.",
    caughtBy: ["seller.access.preflight-is-free", "seller.challenge.preflight-lets-pages-pay"],
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
    build: (reached) => ({
      steps: {
        ...sellerSteps,
        offer: (exchange) => {
          const sold = asPaidWeather(exchange);
          if (sold !== exchange) reached();
          return sellerSteps.offer(sold);
        },
        match: (exchange, offer, payment) => sellerSteps.match(asPaidWeather(exchange), offer, payment),
      },
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

/** A paid request of the free route, as if it were for the weather; any other as it is. */
function asPaidWeather(exchange: Exchange): Exchange {
  const { route, request, seller } = exchange;
  const sold = referenceRoutes.find(({ path }) => path === "/weather");
  const isPaid = request.headers["payment-signature"] !== undefined;
  if (route.path !== "/free" || !isPaid || sold === undefined) return exchange;
  const url = new URL("/weather?city=Berlin", request.url).href;
  return { route: sold, request: { ...request, url, query: { city: "Berlin" } }, seller };
}
