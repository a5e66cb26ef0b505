import { type BuyerOptions, openBuyer, type PaymentOutcome } from "./buyer.ts";
import type { RequestToPay } from "./request.ts";
import { type ClientSteps, clientSteps } from "./steps.ts";

/**
 * Sends one request and pays when the seller asks for it: at most one signature, at most one payment.
 *
 * @throws PaymentError with a code, whether money may have moved, and what to do next
 *
 * @example
 * const outcome = await pay("http://127.0.0.1:4021/weather?city=Rome", { signer: account, maxAmount: 10_000n });
 * if (outcome.kind === "paid") console.log(await outcome.response.json(), outcome.receipt.transaction);
 */
export async function pay(
  request: RequestToPay,
  options: BuyerOptions,
  steps: ClientSteps = clientSteps,
): Promise<PaymentOutcome> {
  const buyer = openBuyer(options, steps);
  try {
    return await buyer.pay(request);
  } finally {
    buyer.close();
  }
}
