import { type Mutant, replacing } from "../mutant.ts";

/** Sellers that name another resource than was requested. */
export const resourceMutants: readonly Mutant[] = [
  naming({
    id: "resource-always-the-root",
    breaks: "Names the same resource in every challenge.",
    caughtBy: ["seller.challenge.resource-is-the-requested-url", "seller.challenge.resource-behind-a-proxy"],
    url: (requested) => new URL("/", requested).href,
  }),
  naming({
    id: "resource-of-another-query",
    breaks: "Names the query of whoever asked first.",
    caughtBy: ["seller.challenge.resource-query"],
    url: (requested) => new URL("?city=Rome", requested).href,
  }),
  naming({
    id: "resource-of-the-upstream",
    breaks: "Names the host by which a proxy reaches it.",
    caughtBy: ["seller.challenge.resource-host"],
    url: (requested) => {
      const { pathname, search } = new URL(requested);
      return `http://seller${pathname}${search}`;
    },
  }),
  naming({
    id: "resource-is-the-proxy",
    breaks: "Takes what a proxy forwards for the whole URL.",
    caughtBy: ["seller.challenge.resource-behind-a-proxy"],
    url: (_requested, { "x-forwarded-host": host }) => (host === undefined ? undefined : `https://${host}/`),
  }),
];

/** Makes `resource.url` otherwise; as it is where `url` gives nothing. */
function naming(
  mutant: Pick<Mutant, "id" | "breaks" | "caughtBy"> & {
    url: (requested: string, headers: Readonly<Record<string, unknown>>) => string | undefined;
  },
): Mutant {
  const { url, ...rest } = mutant;
  return {
    ...rest,
    build: replacing("offer", (original, reached) => async (exchange) => {
      const offer = await original(exchange);
      const other = url(exchange.request.url, exchange.request.headers);
      if (offer === undefined || other === undefined) return offer;
      reached();
      return { ...offer, resource: { ...offer.resource, url: other } };
    }),
  };
}
