import { type PaymentPayload, x402V2 } from "../protocol/index.ts";
import { PaymentError } from "./payment-error.ts";
import type { ReplayableRequest } from "./request.ts";

/**
 * Repeats the request with the payment. A redirect is never followed: the payment is for the one who asked.
 *
 * @throws PaymentError `outcome-unknown` when the connection ends without an answer
 */
export async function present(
  request: ReplayableRequest,
  payment: PaymentPayload,
  signal?: AbortSignal,
): Promise<Response> {
  const { url, method, body } = request;
  const headers = { ...request.headers, ...x402V2.writePayment(payment).headers };
  try {
    return await fetch(url, {
      method,
      headers,
      body: body ?? null,
      redirect: "manual",
      signal: signal ?? null,
    });
  } catch (cause) {
    throw new PaymentError("outcome-unknown", `The connection to ${url} ended after the payment was sent.`, {
      moneyMoved: "maybe",
      next: "Look on the chain whether the authorization's nonce was used before you pay again.",
      requirements: payment.accepted,
      payment,
      cause,
    });
  }
}
