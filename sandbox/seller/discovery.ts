import { z } from "zod";
import type { PaymentTerms } from "./exchange.ts";
import { openApi } from "./openapi.ts";
import { type Route, route } from "./route.ts";

/** Free routes that tell programs what the others sell: `/.well-known/x402` and `/openapi.json`. */
export function discoveryRoutes(routes: readonly Route[], terms: PaymentTerms): Route[] {
  const anyRequest = z.object({});
  const document = openApi(routes);
  return [
    route({
      method: "GET",
      path: "/.well-known/x402",
      description: "What is for sale here, and for how much",
      input: anyRequest,
      handle: (_input, { url }) => ({ body: catalogue(routes, terms, new URL(url).origin) }),
    }),
    route({
      method: "GET",
      path: "/openapi.json",
      description: "This API as OpenAPI 3.1",
      input: anyRequest,
      handle: (_input, { url }) => ({ body: { ...document, servers: [{ url: new URL(url).origin }] } }),
    }),
  ];
}

/** Items as in x402 v2 §8.2. What a request costs is always in its challenge; these entries lack its `requestHash`. */
function catalogue(routes: readonly Route[], terms: PaymentTerms, origin: string) {
  const items = routes
    .filter(({ price }) => price !== undefined)
    .map(({ method, path, price, description, mimeType }) => ({
      resource: `${origin}${path}`,
      type: "http",
      method,
      description,
      mimeType,
      x402Version: 2,
      accepts: [
        {
          scheme: "exact",
          network: terms.network,
          amount: String(price),
          asset: terms.asset,
          payTo: terms.payTo,
          extra: terms.domain,
        },
      ],
    }));
  return { version: 1, x402Version: 2, resources: items.map(({ resource }) => resource), items };
}
