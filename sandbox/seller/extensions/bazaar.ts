import { z } from "zod";
import type { PricedExchange } from "../exchange.ts";
import { inputSchema } from "../input-schema.ts";
import type { Route } from "../route.ts";
import type { ExtensionEntry, SellerExtension } from "./extension.ts";

/**
 * `bazaar`: says how a route is called, so that facilitators can list it. It comes from the route's declaration, the
 * example included: what buyers ask for does not get into a catalogue. A route that needs a body is described when it
 * gives an example of one.
 */
export function bazaar(): SellerExtension {
  return { key: "bazaar", describe };
}

/** What a route's input has beyond type and method (bazaar, Input Types): an example, and what must hold. */
interface Input {
  readonly example: Readonly<Record<string, unknown>>;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly required: readonly string[];
}

function describe({ route, request }: PricedExchange): ExtensionEntry | undefined {
  const input = inputOf(route);
  if (input === undefined) return undefined;
  const { method } = route;
  const place = placeOf(route, request.params);
  return {
    info: { input: { type: "http", method, ...input.example, ...place.params } },
    schema: {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      properties: {
        input: {
          type: "object",
          properties: { type: { const: "http" }, method: { enum: [method] }, ...input.properties },
          required: ["type", "method", ...input.required],
        },
      },
      required: ["input"],
    },
    ...place.template,
  };
}

const exampleSchema = z.looseObject({ query: z.unknown().optional(), body: z.unknown().optional() });

function inputOf(route: Route): Input | undefined {
  const schema = inputSchema(route.input).properties;
  const example = exampleSchema.safeParse(route.example).data;
  const inQuery = {
    example: given("queryParams", example?.query),
    properties: given("queryParams", schema.query),
    required: [],
  };
  if (route.method === "GET" || route.method === "DELETE") return inQuery;
  if (example?.body === undefined) return undefined;
  return {
    example: { ...inQuery.example, bodyType: "json", body: example.body },
    properties: { ...inQuery.properties, bodyType: { const: "json" }, body: schema.body ?? {} },
    required: ["bodyType", "body"],
  };
}

/** With parameters in its path, a route is one entry of the catalogue for all their values (bazaar, Dynamic Routes). */
function placeOf({ method, name }: Route, pathParams: unknown) {
  const routeTemplate = name.slice(`${method} `.length);
  return routeTemplate.includes(":") ? { params: { pathParams }, template: { routeTemplate } } : {};
}

function given(name: string, value: unknown): Readonly<Record<string, unknown>> {
  return value === undefined ? {} : { [name]: value };
}
