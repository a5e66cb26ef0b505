import type { ZodType } from "zod";
import { fromBase64Json, toBase64Json } from "../base64-json.ts";
import type { Dialect, HeaderMap } from "../dialect.ts";
import { type Parsed, parseWith, refused } from "../parsed.ts";
import {
  type PaymentPayload,
  type PaymentRequired,
  paymentPayloadSchema,
  paymentRequiredSchema,
  type SettleResponse,
  settleResponseSchema,
} from "./schema.ts";

/** Header names of x402 v2 over HTTP, lower case (http transport v2, Header Summary). */
export const x402V2Headers = {
  challenge: "payment-required",
  payment: "payment-signature",
  receipt: "payment-response",
} as const;

/**
 * x402 v2 over HTTP: every message is base64 of its JSON in a header; the body of a 402 carries nothing.
 *
 * @example
 * const payment = x402V2.readPayment(request.headers);
 * if (payment?.ok) verify(payment.value);
 */
export const x402V2: Dialect<PaymentRequired, PaymentPayload, SettleResponse> = {
  id: "x402@2",
  writeChallenge: (challenge) => inHeader(x402V2Headers.challenge, challenge, "{}"),
  readChallenge: (answer) => fromHeader(answer.headers, x402V2Headers.challenge, paymentRequiredSchema),
  writePayment: (payment) => inHeader(x402V2Headers.payment, payment, ""),
  readPayment: (headers) => fromHeader(headers, x402V2Headers.payment, paymentPayloadSchema),
  writeReceipt: (receipt) => inHeader(x402V2Headers.receipt, receipt, ""),
  readReceipt: (answer) => fromHeader(answer.headers, x402V2Headers.receipt, settleResponseSchema),
};

function inHeader(name: string, message: unknown, body: string) {
  return { headers: { [name]: toBase64Json(message) }, body };
}

function fromHeader<T>(headers: HeaderMap, name: string, schema: ZodType<T>): Parsed<T> | undefined {
  const header = headers[name];
  if (header === undefined) return undefined;
  if (typeof header !== "string") return refused("invalid_payload", `${name} was sent more than once`);
  const json = fromBase64Json(header);
  if (!json.ok) return json;
  if (hasOtherVersion(json.value)) {
    return refused(
      "invalid_x402_version",
      "x402Version is not 2, the only version spoken here",
      "x402Version",
    );
  }
  return parseWith(schema, json.value, "invalid_payload");
}

function hasOtherVersion(message: unknown): boolean {
  if (typeof message !== "object" || message === null || !("x402Version" in message)) return false;
  return message.x402Version !== 2;
}
