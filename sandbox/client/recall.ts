import type { Standing } from "./lookup.ts";
import { PaymentError } from "./payment-error.ts";
import type { PaymentRecord } from "./payment-record.ts";
import { type PaymentReceipt, receiptOf } from "./receipt.ts";
import type { PaymentRecords } from "./records.ts";
import type { ReplayableRequest } from "./request.ts";

/** What recalling needs to know. */
export interface Memory {
  readonly records: PaymentRecords;
  /** Unix seconds. */
  readonly now: () => number;
  readonly lookup: (receipt: PaymentReceipt) => Promise<Standing>;
}

/**
 * What was signed before for this purchase; it is presented again, and nothing new is signed. Only a payment that,
 * by the chain itself, can never be taken any more is forgotten.
 *
 * @throws PaymentError `idempotency-conflict`
 */
export async function recall(request: ReplayableRequest, memory: Memory): Promise<PaymentRecord | undefined> {
  const { idempotencyKey, fingerprint } = request;
  const record = memory.records.find(idempotencyKey);
  if (record === undefined) return undefined;
  if (record.fingerprint !== fingerprint) throw conflict(idempotencyKey, record.url);
  return (await isVoid(record, memory)) ? undefined : record;
}

async function isVoid(record: PaymentRecord, { records, now, lookup }: Memory): Promise<boolean> {
  const { payment, settlement, idempotencyKey } = record;
  if (now() < Number(payment.authorization.validBefore)) return false;
  const { state } = await lookup(receiptOf(payment, record, settlement));
  if (state !== "void") return false;
  records.void(idempotencyKey);
  return true;
}

function conflict(idempotencyKey: string, url: string): PaymentError {
  const message = `The idempotency key ${JSON.stringify(idempotencyKey)} belongs to another request (${url}).`;
  return new PaymentError("idempotency-conflict", message);
}
