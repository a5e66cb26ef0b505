import { errorReasons, type Network, type SettleResponse, type VerifyResponse } from "../protocol/index.ts";
import type { Refusal } from "./check.ts";
import type { Confirmation } from "./confirm.ts";
import type { Payment } from "./payment.ts";

/** The payment can be settled. */
export function valid(payment: Payment): VerifyResponse {
  return { isValid: true, payer: payment.wire.from };
}

/** The payment is refused; the payer is named once it is known. */
export function invalid({ code, message }: Refusal, payment?: Payment): VerifyResponse {
  return { isValid: false, invalidReason: code, invalidMessage: message, ...payer(payment) };
}

/** Nothing was sent. */
export function notSettled({ code, message }: Refusal, network: Network, payment?: Payment): SettleResponse {
  return {
    success: false,
    errorReason: code,
    errorMessage: message,
    ...payer(payment),
    transaction: "",
    network,
  };
}

/** Nothing had to be sent, because nothing is charged. */
export function nothingCharged(payment: Payment): SettleResponse {
  return {
    success: true,
    ...payer(payment),
    transaction: "",
    network: payment.key.network,
    ...amountOf(payment),
  };
}

/** A transaction was sent, and this became of it. */
export function settlement(confirmation: Confirmation, payment: Payment): SettleResponse {
  const { outcome, hash } = confirmation;
  const about = {
    payer: payment.wire.from,
    transaction: hash,
    network: payment.key.network,
    ...amountOf(payment),
  };
  if (outcome === "settled") return { success: true, ...about };
  if (outcome === "pending") return { success: false, ...pendingReason, ...about };
  return { success: false, errorReason: confirmation.code, errorMessage: confirmation.message, ...about };
}

const pendingReason = {
  errorReason: "settlement_pending",
  errorMessage: errorReasons.settlement_pending,
} as const;

/** What was charged, of a scheme that leaves it open (upto on EVM, §3). */
function amountOf({ requirements }: Payment) {
  return requirements.scheme === "upto" ? { amount: requirements.amount } : {};
}

function payer(payment: Payment | undefined) {
  return payment === undefined ? {} : { payer: payment.wire.from };
}
