import type { ZodType } from "zod";
import { fromBase64Json, toBase64Json } from "./base64-json.ts";
import type { HeaderMap, HttpParts } from "./dialect.ts";
import { type Parsed, parseWith, refused } from "./parsed.ts";

/** How one x402 message travels in a header: base64 of its JSON. */
export interface HeaderMessage<T> {
  /** The header's name, lower case. */
  readonly name: string;
  readonly schema: ZodType<T>;
  /** The version that the message's `x402Version`, where it has one, must say. */
  readonly x402Version: number;
}

/** Writes a message into its header, beside `body`. */
export function writeHeaderMessage<T>({ name }: HeaderMessage<T>, message: T, body = ""): HttpParts {
  return { headers: { [name]: toBase64Json(message) }, body };
}

/** Reads a message from its header; `undefined` when the header was not sent. */
export function readHeaderMessage<T>(
  { name, schema, x402Version }: HeaderMessage<T>,
  headers: HeaderMap,
): Parsed<T> | undefined {
  const header = headers[name];
  if (header === undefined) return undefined;
  if (typeof header !== "string") return refused("invalid_payload", `${name} was sent more than once`);
  const json = fromBase64Json(header);
  if (!json.ok) return json;
  if (hasOtherVersion(json.value, x402Version)) {
    const complaint = `x402Version is not ${x402Version}, the only version spoken in ${name}`;
    return refused("invalid_x402_version", complaint, "x402Version");
  }
  return parseWith(schema, json.value, "invalid_payload");
}

function hasOtherVersion(message: unknown, x402Version: number): boolean {
  if (typeof message !== "object" || message === null || !("x402Version" in message)) return false;
  return message.x402Version !== x402Version;
}
