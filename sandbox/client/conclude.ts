import {
  type PaymentPayload,
  type PaymentRequirements,
  type SettleResponse,
  x402V2,
  x402V2Headers,
} from "../protocol/index.ts";
import { type MoneyMoved, PaymentError, type PaymentErrorCode } from "./payment-error.ts";

/** A paid answer. Its body is unread. */
export interface Paid {
  readonly kind: "paid";
  readonly response: Response;
  /** The seller's receipt; `undefined` when it sent none that can be read. It is a claim until seen on chain. */
  readonly receipt: SettleResponse | undefined;
  /** As the receipt says; `maybe` without one. */
  readonly moneyMoved: MoneyMoved;
  readonly payment: PaymentPayload;
  readonly requirements: PaymentRequirements;
}

/**
 * Reads the answer to the paid request. A 2xx is the goods, whatever its receipt looks like; anything else is an
 * error that holds the answer.
 *
 * @throws PaymentError `payment-refused`, `settlement-failed`, `settlement-pending`, `payment-redirected`,
 *   `upstream-failed-after-payment`
 */
export function conclude(response: Response, payment: PaymentPayload): Paid {
  const receipt = readReceipt(response);
  const requirements = payment.accepted;
  const moneyMoved = moneyMovedBy(response, receipt);
  if (response.ok) return { kind: "paid", response, receipt, moneyMoved, payment, requirements };
  const code = failureCode(response, receipt);
  const reason = sellersReason(response, receipt);
  const quoted = reason === undefined ? "" : `: ${JSON.stringify(reason)}`;
  throw new PaymentError(code, `${failureSentences[code]} (status ${response.status})${quoted}.`, {
    moneyMoved,
    next: nextStep(moneyMoved),
    response,
    receipt,
    requirements,
    payment,
    reason,
  });
}

type FailureCode = Extract<
  PaymentErrorCode,
  | "payment-refused"
  | "settlement-failed"
  | "settlement-pending"
  | "payment-redirected"
  | "upstream-failed-after-payment"
>;

const failureSentences: Readonly<Record<FailureCode, string>> = {
  "payment-refused": "The seller refused the payment",
  "settlement-failed": "The seller could not settle the payment",
  "settlement-pending": "The payment was sent to the chain and its outcome is not known yet",
  "payment-redirected": "The seller answered the payment with a redirect, which was not followed",
  "upstream-failed-after-payment": "The seller took the payment request and failed to deliver",
};

function failureCode(response: Response, receipt: SettleResponse | undefined): FailureCode {
  if (receipt?.success === false) return isPending(receipt) ? "settlement-pending" : "settlement-failed";
  if (receipt?.success === true || response.status >= 500) return "upstream-failed-after-payment";
  return response.status < 400 ? "payment-redirected" : "payment-refused";
}

/** A plain 402 says that nothing was taken; any other answer without a receipt leaves it open. */
function moneyMovedBy(response: Response, receipt: SettleResponse | undefined): MoneyMoved {
  if (receipt?.success === true) return "yes";
  if (receipt?.success === false) return isPending(receipt) ? "maybe" : "no";
  const plainRefusal = response.status === 402 && !response.headers.has(x402V2Headers.receipt);
  return plainRefusal ? "no" : "maybe";
}

function isPending(receipt: SettleResponse): boolean {
  return receipt.errorReason === "settlement_pending";
}

function readReceipt(response: Response): SettleResponse | undefined {
  const receipt = x402V2.readReceipt(answerOf(response));
  return receipt?.ok ? receipt.value : undefined;
}

function sellersReason(response: Response, receipt: SettleResponse | undefined): string | undefined {
  const challenge = x402V2.readChallenge(answerOf(response));
  const reason =
    receipt?.errorMessage ?? receipt?.errorReason ?? (challenge?.ok ? challenge.value.error : undefined);
  return reason?.slice(0, 300);
}

function answerOf(response: Response) {
  return { status: response.status, headers: Object.fromEntries(response.headers), body: "" };
}

function nextStep(moneyMoved: MoneyMoved): string {
  if (moneyMoved === "yes") return "Do not pay again: show the receipt to the seller.";
  if (moneyMoved === "maybe")
    return "Look on the chain whether the authorization's nonce was used before you pay again.";
  return "Mend the cause before you pay again; what was signed stays spendable until it expires.";
}
