import { errorReasons, type SettleResponse } from "../protocol/index.ts";
import type { Refusal } from "./check.ts";
import type { Payment } from "./payment.ts";
import type { SettlementRecord, SignedTransaction } from "./records.ts";
import { findTransaction, isStillSpent } from "./recover.ts";
import { nothingCharged, notSettled, settlement } from "./replies.ts";
import type { Desk, FacilitatorSteps } from "./steps.ts";

/** What keeps a payment from being settled now: check → simulate. The two run side by side; a check has precedence. */
export async function examine(
  payment: Payment,
  desk: Desk,
  steps: FacilitatorSteps,
): Promise<Refusal | undefined> {
  const [refusal, reverted] = await Promise.all([
    steps.check(payment, desk, steps.checks),
    steps.simulate(payment, desk),
  ]);
  return refusal ?? reverted;
}

/** Settles a payment that nothing is known of: check → simulate → broadcast → confirm → record. */
async function settleAnew(payment: Payment, desk: Desk, steps: FacilitatorSteps): Promise<SettleResponse> {
  if (isFree(payment)) return settleForNothing(payment, desk, steps);
  const refusal = await examine(payment, desk, steps);
  if (refusal) return notSettled(refusal, desk.network, payment);
  desk.records.claim(payment);
  try {
    const sending = await steps.broadcast(payment, desk);
    if (sending.sent) return await conclude(payment, sending.transaction, desk, steps);
    desk.records.release(payment);
    return notSettled(nodeRefused(sending.message), desk.network, payment);
  } catch (error) {
    releaseIfUnsent(payment, desk);
    throw error;
  }
}

/** Of `upto`, nothing may have been used: then nothing is sent, and the permit expires unspent (upto on EVM, phase 4). */
function isFree({ requirements, authorization }: Payment): boolean {
  return requirements.scheme === "upto" && authorization.value === 0n;
}

async function settleForNothing(
  payment: Payment,
  desk: Desk,
  steps: FacilitatorSteps,
): Promise<SettleResponse> {
  const refusal = await steps.check(payment, desk, steps.checks);
  return refusal ? notSettled(refusal, desk.network, payment) : nothingCharged(payment);
}

/**
 * Settles a payment once: what is on record is answered again, what was left unfinished, or was lost in a
 * reorganization, is looked up on the chain, anything else is settled anew. Must not run twice at a time for one authorization.
 */
export async function settleOnce(
  payment: Payment,
  desk: Desk,
  steps: FacilitatorSteps,
): Promise<SettleResponse> {
  const earlier = desk.records.find(payment.key);
  if (earlier === undefined) return settleAnew(payment, desk, steps);
  if (earlier.fingerprint !== payment.fingerprint) return notSettled(taken(earlier), desk.network, payment);
  switch (earlier.state) {
    case "settled":
      if (await isStillSpent(payment, desk))
        return settlement({ outcome: "settled", hash: earlier.transaction.hash }, payment);
      return resume(payment, earlier.transaction, desk, steps);
    case "failed":
      return settlement({ ...earlier, outcome: "failed" }, payment);
    case "broadcast":
      return resume(payment, earlier.transaction, desk, steps);
    case "claimed":
      return settleAnew(payment, desk, steps);
  }
}

/** Why an authorization that is on record cannot pay (again). */
export function taken(record: SettlementRecord): Refusal {
  const message = {
    claimed: "the authorization is being settled",
    broadcast: "the authorization is being settled",
    settled: "the authorization is used: it was settled before",
    failed: "the authorization was tried before and its transfer failed",
  }[record.state];
  return { code: "invalid_transaction_state", message };
}

async function resume(
  payment: Payment,
  transaction: SignedTransaction,
  desk: Desk,
  steps: FacilitatorSteps,
): Promise<SettleResponse> {
  switch (await findTransaction(payment, transaction, desk)) {
    case "known":
      return conclude(payment, transaction, desk, steps);
    case "overtaken":
      return overtaken(payment, transaction, desk, steps);
    case "lost":
      desk.records.release(payment);
      return settleAnew(payment, desk, steps);
  }
}

async function conclude(
  payment: Payment,
  transaction: SignedTransaction,
  desk: Desk,
  steps: FacilitatorSteps,
): Promise<SettleResponse> {
  const confirmation = await steps.confirm(payment, transaction.hash, desk);
  steps.record(payment, confirmation, desk);
  return settlement(confirmation, payment);
}

function overtaken(
  payment: Payment,
  { hash }: SignedTransaction,
  desk: Desk,
  steps: FacilitatorSteps,
): SettleResponse {
  const message = "another transaction has spent the authorization";
  const confirmation = { outcome: "failed", hash, code: "invalid_transaction_state", message } as const;
  steps.record(payment, confirmation, desk);
  return settlement(confirmation, payment);
}

/** A claim that is still one was never sent, so it must not stand in the way of a later attempt. */
function releaseIfUnsent(payment: Payment, { records }: Desk): void {
  if (records.find(payment.key)?.state === "claimed") records.release(payment);
}

function nodeRefused(message: string): Refusal {
  return {
    code: "unexpected_settle_error",
    message: `${errorReasons.unexpected_settle_error} The node says: ${message}`,
  };
}
