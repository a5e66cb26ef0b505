import type { Json, JsonObject } from "../../engine/index.ts";

/** The same terms, of v2 or of v1, at another price. */
export function atPrice(terms: JsonObject, price: Json): JsonObject {
  return { ...terms, [priceField(terms)]: price };
}

/** The price in terms of v2 or of v1, in atomic units. */
export function priceOf(terms: JsonObject): bigint {
  return BigInt(String(terms[priceField(terms)]));
}

function priceField(terms: JsonObject): string {
  return "maxAmountRequired" in terms ? "maxAmountRequired" : "amount";
}
