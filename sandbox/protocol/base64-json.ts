import { type Parsed, refused, understood } from "./parsed.ts";

/**
 * Largest header value read, in characters. Node refuses a request whose headers exceed 16 KiB in total, so a
 * larger value could not have arrived over plain HTTP.
 */
export const maxHeaderLength = 16_384;

const standardBase64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Encodes a JSON message for a header: standard base64 (RFC 4648 §4) of its UTF-8 JSON text. */
export function toBase64Json(message: unknown): string {
  return Buffer.from(JSON.stringify(message), "utf8").toString("base64");
}

/**
 * Reads a header value made by {@link toBase64Json}. The base64url alphabet, text that is not UTF-8 or not JSON,
 * and values beyond {@link maxHeaderLength} are refused with `invalid_payload`; missing padding is accepted.
 */
export function fromBase64Json(header: string): Parsed<unknown> {
  if (header.length > maxHeaderLength) {
    return refused(
      "invalid_payload",
      `header is ${header.length} characters, at most ${maxHeaderLength} are read`,
    );
  }
  if (!standardBase64.test(header)) {
    return refused("invalid_payload", "header is not standard base64 (RFC 4648 §4)");
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(header, "base64"));
    return understood(JSON.parse(text));
  } catch {
    return refused("invalid_payload", "header is not base64 of UTF-8 JSON");
  }
}
