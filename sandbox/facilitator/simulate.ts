import type { Refusal } from "./check.ts";
import { revertReason } from "./contract-errors.ts";
import { authorizedTransfer } from "./eip3009.ts";
import type { Payment } from "./payment.ts";
import { permitTransfer } from "./permit2.ts";
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
    const how = { account: account.address, blockTag: "pending" } as const;
    await (payment.method === "permit2"
      ? chain.simulateContract({ ...permitTransfer(payment), ...how })
      : chain.simulateContract({ ...authorizedTransfer(payment), ...how }));
    return undefined;
  } catch (error) {
    const reason = revertReason(error);
    if (reason === undefined) throw error;
    return { code: "invalid_transaction_state", message: reason };
  }
}
