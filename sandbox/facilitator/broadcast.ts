import type { Sending } from "./account.ts";
import type { Payment } from "./payment.ts";
import type { Desk } from "./steps.ts";
import { transferCall } from "./transfer.ts";

/**
 * Sends the transfer, perhaps with others in one transaction. The signed transaction is on record before anybody else can know it: whatever happens in
 * between, the same payment is found again and not sent a second time.
 */
export function broadcast(
  payment: Payment,
  { account, records }: Pick<Desk, "account" | "records">,
): Promise<Sending> {
  return account.send(transferCall(payment), (transaction) => records.broadcast(payment, transaction));
}
