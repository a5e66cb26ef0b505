import { z } from "zod";
import type { Seller } from "./exchange.ts";
import { openApi } from "./openapi.ts";
import { protocolsFor } from "./protocols.ts";
import { type Route, route } from "./route.ts";
import { requirementsFor } from "./steps/offer.ts";

/** Free routes that tell programs what the others sell: `/.well-known/x402` and `/openapi.json`. */
export function discoveryRoutes(routes: readonly Route[], seller: Seller): Route[] {
  const anyRequest = z.object({});
  const document = openApi(routes);
  return [
    route({
      method: "GET",
      path: "/.well-known/x402",
      description: "What is for sale here, and for how much",
      input: anyRequest,
      handle: (_input, { url }) => ({ body: catalogue(routes, seller, new URL(url).origin) }),
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

/**
 * Items as in x402 v2 §8.2, one for each version that is spoken. What a request costs is always in its challenge;
 * these entries lack its `requestHash` and, for `upto`,
 * the facilitator's address.
 */
function catalogue(routes: readonly Route[], seller: Seller, origin: string) {
  const items = seller.protocols.flatMap((protocol) =>
    routes.flatMap((route) => {
      const { method, path, price, description, mimeType } = route;
      if (price === undefined || !protocolsFor({ route, seller }).includes(protocol)) return [];
      const resource = { url: `${origin}${path}`, description, mimeType };
      const listed = protocol.list(resource, requirementsFor(route, price, seller.terms));
      return [{ resource: resource.url, type: "http", method, description, mimeType, ...listed }];
    }),
  );
  return {
    version: 1,
    x402Version: items[0]?.x402Version,
    resources: [...new Set(items.map(({ resource }) => resource))],
    items,
  };
}
