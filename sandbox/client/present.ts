import { dialectOf } from "./dialects.ts";
import { PaymentError } from "./payment-error.ts";
import { type MoneyMoved, moneyMovedAfter } from "./payment-errors.ts";
import { receiptOf } from "./receipt.ts";
import type { ReplayableRequest } from "./request.ts";
import type { SignedPayment } from "./signed-payment.ts";
import { sendWithin, type Transport, whyLost } from "./transport.ts";

/**
 * Repeats the request with the payment. A redirect is never followed, not even on the same origin: the payment is for
 * the one who asked, at the place where it was asked.
 *
 * @param earlier what was known of the money before
 * @throws PaymentError `outcome-unknown` when the connection ends without an answer
 */
export async function present(
  request: ReplayableRequest,
  payment: SignedPayment,
  transport: Transport,
  earlier: MoneyMoved,
): Promise<Response> {
  const { paymentHeader } = dialectOf(payment.message.x402Version);
  const headers = { ...request.headers, [paymentHeader]: payment.header };
  try {
    const overrides: RequestInit = { headers, redirect: "manual" };
    return await sendWithin(transport.timeouts.answer, transport, request, overrides);
  } catch (cause) {
    const message = `The connection to ${request.url} ended after the payment was sent${whyLost(cause)}.`;
    throw new PaymentError("outcome-unknown", message, {
      moneyMoved: moneyMovedAfter(earlier, "maybe"),
      requirements: payment.requirements,
      payment: payment.message,
      receipt: receiptOf(payment, request, undefined),
      cause,
    });
  }
}
