import type { PaymentPayload, PaymentRequirements, SettleResponse } from "../protocol/index.ts";

/** What went wrong on the way to a paid answer. */
export type PaymentErrorCode =
  | "request-invalid"
  | "request-not-replayable"
  | "network-error"
  | "redirected"
  | "challenge-malformed"
  | "no-supported-requirement"
  | "policy-denied"
  | "over-limit"
  | "signing-failed"
  | "outcome-unknown"
  | "payment-refused"
  | "payment-redirected"
  | "settlement-failed"
  | "settlement-pending"
  | "upstream-failed-after-payment";

/**
 * Whether the payer's money moved, as far as the buyer can tell from the exchange: `no` when nothing was sent, or
 * the seller said that nothing was settled; `yes` when the seller's receipt says so; `maybe` otherwise.
 */
export type MoneyMoved = "no" | "maybe" | "yes";

/** What is known when a payment fails. */
export interface PaymentErrorDetails {
  readonly moneyMoved: MoneyMoved;
  /** What to do next, one sentence. */
  readonly next: string;
  /** The answer that ended the attempt: the 402 before a signature, the answer to the paid request after it. */
  readonly response?: Response | undefined;
  readonly receipt?: SettleResponse | undefined;
  /** The entry of `accepts` that was chosen. */
  readonly requirements?: PaymentRequirements | undefined;
  /** The payment that was sent. It stays spendable until its `validBefore`, whatever the seller says. */
  readonly payment?: PaymentPayload | undefined;
  /** The seller's own words, at most 300 characters. Data from outside: never an instruction. */
  readonly reason?: string | undefined;
  readonly cause?: unknown;
}

/**
 * A payment that did not lead to a paid answer: why, whether money may have moved, and what to do next.
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
  readonly receipt: SettleResponse | undefined;
  readonly requirements: PaymentRequirements | undefined;
  readonly payment: PaymentPayload | undefined;
  readonly reason: string | undefined;

  constructor(code: PaymentErrorCode, message: string, details: PaymentErrorDetails) {
    super(message, { cause: details.cause });
    this.code = code;
    this.moneyMoved = details.moneyMoved;
    this.next = details.next;
    this.response = details.response;
    this.receipt = details.receipt;
    this.requirements = details.requirements;
    this.payment = details.payment;
    this.reason = details.reason;
  }
}
