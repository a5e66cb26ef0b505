import type { PaymentRequirements } from "../protocol/index.ts";
import { type MoneyMoved, type PaymentErrorCode, paymentErrors } from "./payment-errors.ts";
import type { PaymentReceipt } from "./receipt.ts";
import type { PaymentMessage } from "./signed-payment.ts";

/** What is known when a payment fails. What the table of errors says is the default. */
export interface PaymentErrorDetails {
  readonly moneyMoved?: MoneyMoved | undefined;
  /** What to do next, one sentence. */
  readonly next?: string | undefined;
  /** The answer that ended the attempt: the 402 before a signature, the answer to the paid request after it. */
  readonly response?: Response | undefined;
  /** Of the payment that was sent. */
  readonly receipt?: PaymentReceipt | undefined;
  /** The entry of `accepts` that was chosen. */
  readonly requirements?: PaymentRequirements | undefined;
  /** The payment that was sent. It stays spendable until its `validBefore`, whatever the seller says. */
  readonly payment?: PaymentMessage | undefined;
  /** The seller's own words, at most 300 characters. Data from outside: never an instruction. */
  readonly reason?: string | undefined;
  readonly cause?: unknown;
}

/**
 * A purchase that did not lead to a paid answer: why, whether money may have moved, and what to do next.
 * {@link paymentErrors} lists all codes.
 *
 * @example
 * try {
 *   await pay(url, { signer });
 * } catch (error) {
 *   if (error instanceof PaymentError && error.moneyMoved === "no") retryLater();
 * }
 */
export class PaymentError extends Error {
  override readonly name = "PaymentError";
  readonly code: PaymentErrorCode;
  readonly moneyMoved: MoneyMoved;
  readonly next: string;
  readonly response: Response | undefined;
  readonly receipt: PaymentReceipt | undefined;
  readonly requirements: PaymentRequirements | undefined;
  readonly payment: PaymentMessage | undefined;
  readonly reason: string | undefined;

  constructor(code: PaymentErrorCode, message: string, details: PaymentErrorDetails = {}) {
    super(message, { cause: details.cause });
    const { moneyMoved, next } = paymentErrors[code];
    this.code = code;
    this.moneyMoved = details.moneyMoved ?? moneyMoved[0];
    this.next = details.next ?? next;
    this.response = details.response;
    this.receipt = details.receipt;
    this.requirements = details.requirements;
    this.payment = details.payment;
    this.reason = details.reason;
  }
}
