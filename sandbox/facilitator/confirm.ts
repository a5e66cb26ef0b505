import type { Hash } from "viem";
import type { ErrorReason } from "../protocol/index.ts";
import type { Payment } from "./payment.ts";
import { simulate } from "./simulate.ts";
import type { Desk } from "./steps.ts";
import { hasTransfer, shareOf } from "./transfer-events.ts";

/** What became of a transaction. */
export type Confirmation =
  | { readonly outcome: "settled"; readonly hash: Hash }
  /** It is on the chain and moved nothing, or can never get there. */
  | { readonly outcome: "failed"; readonly hash: Hash; readonly code: ErrorReason; readonly message: string }
  /** No receipt in time: it may still be mined. */
  | { readonly outcome: "pending"; readonly hash: Hash };

/** Waits for the receipt and makes sure that the money moved: no revert, and the Transfer event of this payment. */
export async function confirm(payment: Payment, hash: Hash, desk: Desk): Promise<Confirmation> {
  const receipt = await desk.account.receipt(hash);
  if (receipt === undefined) return { outcome: "pending", hash };
  const share = shareOf(receipt, payment);
  if (share.reverted) return failed(hash, await whyReverted(payment, desk));
  if (!hasTransfer(share.logs, payment))
    return failed(hash, "the transaction succeeded without a Transfer of this payment");
  return { outcome: "settled", hash };
}

function failed(hash: Hash, message: string): Confirmation {
  return { outcome: "failed", hash, code: "invalid_transaction_state", message };
}

/** A receipt has no reason, but trying the transfer once more usually tells it. */
async function whyReverted(payment: Payment, desk: Desk): Promise<string> {
  const again = await simulate(payment, desk).catch(() => undefined);
  return again === undefined
    ? "the transfer reverted on chain"
    : `the transfer reverted on chain: ${again.message}`;
}
