import type { Confirmation } from "./confirm.ts";
import type { Payment } from "./payment.ts";
import type { Desk } from "./steps.ts";

/** Notes how a settlement ended. One without an outcome stays noted as sent. */
export function record(
  payment: Payment,
  confirmation: Confirmation,
  { records }: Pick<Desk, "records">,
): void {
  const { outcome, hash } = confirmation;
  if (outcome === "settled") records.settled(payment);
  if (outcome === "failed") records.failed(payment, hash, confirmation.code, confirmation.message);
}
