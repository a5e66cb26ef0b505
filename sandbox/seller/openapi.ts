import { inputSchema, readObjectSchema } from "./input-schema.ts";
import type { Route } from "./route.ts";

/** OpenAPI 3.1 of the routes; `x-payment-info` holds the price in atomic units. */
export function openApi(routes: readonly Route[]) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return { openapi: "3.1.0", info: { title: "x402 seller", version: "1" }, paths };
}

/** In the words of `accepts`. Of `upto`, the amount is the most that may be charged. */
const wayToPay = {
  eip3009: { scheme: "exact" },
  permit2: { scheme: "exact", assetTransferMethod: "permit2" },
  upto: { scheme: "upto" },
} as const satisfies Record<Route["paidBy"], object>;

function operation({ description, price, paidBy, mimeType, input }: Route) {
  const { properties, required } = inputSchema(input);
  const paid =
    price === undefined
      ? {}
      : { "x-payment-info": { protocol: "x402", ...wayToPay[paidBy], amount: String(price) } };
  const refusals =
    price === undefined ? {} : { 402: { description: "Payment required: the answer is the challenge" } };
  const body = properties.body;
  return {
    summary: description,
    ...paid,
    parameters: [...parameters("path", properties.params), ...parameters("query", properties.query)],
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: required.includes("body"),
            content: { "application/json": { schema: body } },
          },
        }),
    responses: {
      200: { description, content: { [mimeType]: {} } },
      400: { description: "The request is not in order" },
      ...refusals,
    },
  };
}

function parameters(place: "path" | "query", schema: unknown) {
  const { properties, required } = readObjectSchema(schema);
  return Object.entries(properties).map(([name, schemaOfOne]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    schema: schemaOfOne,
  }));
}
