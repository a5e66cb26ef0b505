import { field, type Json, type NoAnswer, type WireAnswer } from "../../oracles/wire/index.ts";
import type { AnyPayment } from "./permit-payment.ts";

/** What the receipt of an answer says was charged, if it says that the payment succeeded (upto on EVM, §3). */
export function toldCharge(payment: AnyPayment | undefined, answer: WireAnswer | NoAnswer): Json | undefined {
  if (payment?.method !== "upto" || answer.kind !== "answer") return undefined;
  const reading = payment.dialect.readReceipt(answer);
  if (reading.kind !== "receipt" || field(reading.receipt, "success") !== true) return undefined;
  return field(reading.receipt, "amount");
}

/** Whether a seller says of a sale by `upto` that it costs nothing, which it may (upto, §4). */
export function isChargedNothing(payment: AnyPayment | undefined, answer: WireAnswer | NoAnswer): boolean {
  return toldCharge(payment, answer) === "0";
}
