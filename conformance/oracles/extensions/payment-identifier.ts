import { field, isJsonObject, type Json, type JsonObject } from "../wire/index.ts";

const key = "payment-identifier";

/** The id that a payment payload goes by, if any (payment-identifier, `PaymentPayload`). */
export function identifierIn(envelope: Json): string | undefined {
  const id = field(field(field(field(envelope, "extensions"), key), "info"), "id");
  return typeof id === "string" ? id : undefined;
}

/** A payment payload with an id of the buyer's, in the extension that the seller offers. */
export function withIdentifier(envelope: JsonObject, id: string): JsonObject {
  const extensions = field(envelope, "extensions");
  return { ...envelope, extensions: named(isJsonObject(extensions) ? extensions : {}, id) };
}

/** What an honest buyer sends back of the seller's `extensions`: all of it, and an id where the seller requires one. */
export function echoOf(extensions: JsonObject): JsonObject {
  const info = field(field(extensions, key), "info");
  if (field(info, "required") !== true || field(info, "id") !== undefined) return extensions;
  return named(extensions, crypto.randomUUID());
}

function named(extensions: JsonObject, id: string): JsonObject {
  const offered = field(extensions, key);
  const info = field(offered, "info");
  return {
    ...extensions,
    [key]: { ...(isJsonObject(offered) ? offered : {}), info: { ...(isJsonObject(info) ? info : {}), id } },
  };
}
