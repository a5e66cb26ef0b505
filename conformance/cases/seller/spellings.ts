import { field, isJsonObject, type Json, type JsonObject } from "../../engine/index.ts";
import { type Payment, rewrapped } from "../../engine/seller/index.ts";

/** Another envelope around what the payer signed. */
export interface Disguise {
  readonly id: string;
  /** Completes "A settled payment buys nothing …". */
  readonly how: string;
  readonly rewrap: (envelope: JsonObject) => JsonObject;
}

/** What was signed, in other letters that mean the same. */
export const otherSpellings: readonly Disguise[] = [
  {
    id: "signature-in-other-case",
    how: "when the hex digits of its signature are upper case",
    rewrap: inPayload((payload) => ({ ...payload, signature: upperCaseHex(field(payload, "signature")) })),
  },
  {
    id: "nonce-in-other-case",
    how: "when the hex digits of its nonce are upper case",
    rewrap: inAuthorization((signed) => ({ ...signed, nonce: upperCaseHex(field(signed, "nonce")) })),
  },
  {
    id: "payer-in-other-case",
    how: "when the hex digits of its payer's address are lower case",
    rewrap: inAuthorization((signed) => ({ ...signed, from: String(field(signed, "from")).toLowerCase() })),
  },
];

/** The payment in each of the other spellings. */
export function inOtherSpellings(payment: Payment): Payment[] {
  return otherSpellings.map(({ rewrap }) => rewrapped(payment, rewrap));
}

/** Changes the payload of an envelope. */
export function inPayload(change: (payload: JsonObject) => JsonObject): Disguise["rewrap"] {
  return (envelope) => ({ ...envelope, payload: change(objectAt(envelope, "payload")) });
}

/** Changes the authorization in the payload of an envelope. */
export function inAuthorization(change: (authorization: JsonObject) => JsonObject): Disguise["rewrap"] {
  return inPayload((payload) => ({ ...payload, authorization: change(objectAt(payload, "authorization")) }));
}

/** The object at a key; an empty one where there is none. */
export function objectAt(owner: JsonObject, key: string): JsonObject {
  const value = field(owner, key);
  return isJsonObject(value) ? value : {};
}

/** The same JSON with the keys of every object in reverse order. */
export function reversed(envelope: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(envelope)
      .reverse()
      .map(([key, value]) => [key, isJsonObject(value) ? reversed(value) : value]),
  );
}

function upperCaseHex(value: Json | undefined): string {
  return String(value).replace(/^0x(.*)$/s, (_hex, digits: string) => `0x${digits.toUpperCase()}`);
}
