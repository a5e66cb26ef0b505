import type { Dialect } from "../dialect.ts";
import { readHeaderMessage, writeHeaderMessage } from "../header-message.ts";
import { type Parsed, parseWith } from "../parsed.ts";
import {
  type PaymentPayloadV1,
  type PaymentRequiredV1,
  paymentPayloadV1Schema,
  paymentRequiredV1Schema,
  type SettleResponseV1,
  settleResponseV1Schema,
} from "./schema.ts";

/** Header names of x402 v1 over HTTP, lower case (http transport v1). The challenge is in the body. */
export const x402V1Headers = {
  payment: "x-payment",
  receipt: "x-payment-response",
} as const;

const payment = { name: x402V1Headers.payment, schema: paymentPayloadV1Schema, x402Version: 1 };
const receipt = { name: x402V1Headers.receipt, schema: settleResponseV1Schema, x402Version: 1 };

/**
 * x402 v1 over HTTP: the challenge is the JSON body of a 402, payment and receipt are base64 of their JSON in a
 * header.
 *
 * @example
 * const challenge = x402V1.readChallenge({ status: 402, headers: {}, body: await response.text() });
 */
export const x402V1: Dialect<PaymentRequiredV1, PaymentPayloadV1, SettleResponseV1> = {
  id: "x402@1",
  writeChallenge: (message) => ({
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify(message),
  }),
  readChallenge: ({ body }) => challengeInBody(body),
  writePayment: (message) => writeHeaderMessage(payment, message),
  readPayment: (headers) => readHeaderMessage(payment, headers),
  writeReceipt: (message) => writeHeaderMessage(receipt, message),
  readReceipt: ({ headers }) => readHeaderMessage(receipt, headers),
};

/** A body that does not say `x402Version`, or says another one, is no v1 challenge at all: v2 leaves the body free. */
function challengeInBody(body: string): Parsed<PaymentRequiredV1> | undefined {
  const message = jsonOf(body);
  if (typeof message !== "object" || message === null || !("x402Version" in message)) return undefined;
  if (typeof message.x402Version === "number" && message.x402Version !== 1) return undefined;
  return parseWith(paymentRequiredV1Schema, message, "invalid_payload");
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
