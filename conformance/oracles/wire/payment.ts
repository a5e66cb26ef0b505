import { decodeBase64Text } from "./base64.ts";
import { isJsonObject, type JsonObject, parseJson } from "./json.ts";

export type PaymentReading =
  | { readonly kind: "malformed"; readonly problem: string }
  | { readonly kind: "payment"; readonly payment: JsonObject };

/** Reads the value of a payment header, PAYMENT-SIGNATURE or X-PAYMENT (http transports v2 and v1). */
export function readPayment(value: string): PaymentReading {
  const decoded = decodeBase64Text(value);
  if (decoded.kind === "not-base64") return { kind: "malformed", problem: decoded.why };
  const payment = parseJson(decoded.text);
  return isJsonObject(payment)
    ? { kind: "payment", payment }
    : { kind: "malformed", problem: "the header does not decode to a JSON object" };
}
