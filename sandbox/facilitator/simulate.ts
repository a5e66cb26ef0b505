import type { Refusal } from "./check.ts";
import { revertReason } from "./contract-errors.ts";
import { transfer } from "./eip3009.ts";
import type { Payment } from "./payment.ts";
import type { Desk } from "./steps.ts";

/**
 * Calls the transfer as the facilitator would send it, in the pending block, without sending it (exact on EVM,
 * phase 2). Finds what only the token knows: paused, blacklisted, another domain. x402 v2 §9 has no code for these;
 * the token's own words are the message.
 */
export async function simulate(
  payment: Payment,
  { chain, account, glance }: Pick<Desk, "chain" | "account" | "glance">,
): Promise<Refusal | undefined> {
  if ((await glance(payment)) !== undefined) return undefined;
  try {
    await chain.simulateContract({ ...transfer(payment), account: account.address, blockTag: "pending" });
    return undefined;
  } catch (error) {
    const reason = revertReason(error);
    if (reason === undefined) throw error;
    return { code: "invalid_transaction_state", message: reason };
  }
}
