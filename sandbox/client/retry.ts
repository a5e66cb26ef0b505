import type { PaymentError } from "./payment-error.ts";
import type { SignedPayment } from "./signed-payment.ts";

/** A presentation that failed. */
export interface FailedPresentation {
  readonly failure: PaymentError;
  readonly payment: SignedPayment;
  /** How often it was presented so far. */
  readonly made: number;
  /** How often it may be presented again. */
  readonly resends: number;
  /** The caller gave up. */
  readonly aborted: boolean;
  /** Signs another authorization for the same purchase, which could then be taken beside the first one; absent for one of an earlier attempt. */
  readonly signAnother?: (() => Promise<SignedPayment>) | undefined;
}

/**
 * What is presented next: after a lost answer the same authorization again, which cannot be taken twice. Whatever the
 * seller answered is left to the caller.
 */
export async function retry(presentation: FailedPresentation): Promise<SignedPayment | undefined> {
  const { failure, payment, made, resends, aborted } = presentation;
  return failure.code === "outcome-unknown" && !aborted && made <= resends ? payment : undefined;
}
