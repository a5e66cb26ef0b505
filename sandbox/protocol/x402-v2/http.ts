import type { Dialect } from "../dialect.ts";
import { readHeaderMessage, writeHeaderMessage } from "../header-message.ts";
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

const challenge = { name: x402V2Headers.challenge, schema: paymentRequiredSchema, x402Version: 2 };
const payment = { name: x402V2Headers.payment, schema: paymentPayloadSchema, x402Version: 2 };
const receipt = { name: x402V2Headers.receipt, schema: settleResponseSchema, x402Version: 2 };

/**
 * x402 v2 over HTTP: every message is base64 of its JSON in a header; the body of a 402 carries nothing.
 *
 * @example
 * const payment = x402V2.readPayment(request.headers);
 * if (payment?.ok) verify(payment.value);
 */
export const x402V2: Dialect<PaymentRequired, PaymentPayload, SettleResponse> = {
  id: "x402@2",
  writeChallenge: (message) => writeHeaderMessage(challenge, message, "{}"),
  readChallenge: ({ headers }) => readHeaderMessage(challenge, headers),
  writePayment: (message) => writeHeaderMessage(payment, message),
  readPayment: (headers) => readHeaderMessage(payment, headers),
  writeReceipt: (message) => writeHeaderMessage(receipt, message),
  readReceipt: ({ headers }) => readHeaderMessage(receipt, headers),
};
