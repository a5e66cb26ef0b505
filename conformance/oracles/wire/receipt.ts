import { decodeBase64Text } from "./base64.ts";
import type { WireAnswer } from "./http.ts";
import { isJsonObject, type JsonObject, parseJson } from "./json.ts";

export type ReceiptReading =
  | { readonly kind: "none" }
  | { readonly kind: "malformed"; readonly problem: string }
  | { readonly kind: "receipt"; readonly receipt: JsonObject };

/** Reads PAYMENT-RESPONSE (http transport v2, Settlement Response Delivery). */
export function readReceipt(answer: WireAnswer): ReceiptReading {
  return readReceiptIn("PAYMENT-RESPONSE", answer);
}

/** Reads X-PAYMENT-RESPONSE (http transport v1, Settlement Response Delivery). */
export function readReceiptV1(answer: WireAnswer): ReceiptReading {
  return readReceiptIn("X-PAYMENT-RESPONSE", answer);
}

function readReceiptIn(name: string, { headers }: WireAnswer): ReceiptReading {
  const header = headers[name.toLowerCase()];
  if (header === undefined) return { kind: "none" };
  const decoded = decodeBase64Text(header);
  if (decoded.kind === "not-base64") return { kind: "malformed", problem: decoded.why };
  const receipt = parseJson(decoded.text);
  return isJsonObject(receipt)
    ? { kind: "receipt", receipt }
    : { kind: "malformed", problem: `${name} does not decode to a JSON object` };
}
