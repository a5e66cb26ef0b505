import { setTimeout as sleep } from "node:timers/promises";
import { type Hash, parseEventLogs, type TransactionReceipt } from "viem";
import type { ErrorReason } from "../protocol/index.ts";
import type { ChainClient } from "./chain-connection.ts";
import { eip3009Abi } from "./eip3009.ts";
import type { Payment } from "./payment.ts";
import { simulate } from "./simulate.ts";
import type { Desk } from "./steps.ts";

/** What became of a transaction. */
export type Confirmation =
  | { readonly outcome: "settled"; readonly hash: Hash }
  /** It is on the chain and moved nothing, or can never get there. */
  | { readonly outcome: "failed"; readonly hash: Hash; readonly code: ErrorReason; readonly message: string }
  /** No receipt in time: it may still be mined. */
  | { readonly outcome: "pending"; readonly hash: Hash };

/** A local chain mines at once, so the receipt is asked for at once, then ever less often. Milliseconds. */
const polling = { first: 1, slowest: 50, growth: 1.5 } as const;

/** A receipt that takes longer may never come: the chain may have lost a transaction. Milliseconds. */
const overdueMs = 500;

/** Waits for the receipt and makes sure that the money moved: no revert, and the Transfer event of this payment. */
export async function confirm(payment: Payment, hash: Hash, desk: Desk): Promise<Confirmation> {
  const receipt = await receiptWithin(desk.settlementTimeoutMs, hash, desk);
  if (receipt === undefined) return { outcome: "pending", hash };
  if (receipt.status === "reverted") return failed(hash, await whyReverted(payment, desk));
  if (!hasTransfer(receipt, payment))
    return failed(hash, "the transaction succeeded without a Transfer of this payment");
  return { outcome: "settled", hash };
}

function failed(hash: Hash, message: string): Confirmation {
  return { outcome: "failed", hash, code: "invalid_transaction_state", message };
}

async function receiptWithin(
  timeoutMs: number,
  hash: Hash,
  { chain, account }: Desk,
): Promise<TransactionReceipt | undefined> {
  const deadline = performance.now() + timeoutMs;
  let overdue = performance.now() + overdueMs;
  let pause: number = polling.first;
  for (;;) {
    const receipt = await readReceipt(hash, chain);
    if (receipt !== undefined) return receipt;
    if (performance.now() + pause > deadline) return undefined;
    if (performance.now() > overdue) {
      // During an outage nothing can be sent; the next time is not far.
      await account.resendLost().catch(() => undefined);
      overdue = performance.now() + overdueMs;
    }
    await sleep(pause);
    pause = Math.min(pause * polling.growth, polling.slowest);
  }
}

/** An outage counts as "no receipt yet": the transaction is out, so it must not be called a failure. */
async function readReceipt(hash: Hash, chain: ChainClient): Promise<TransactionReceipt | undefined> {
  try {
    return await chain.getTransactionReceipt({ hash });
  } catch {
    return undefined;
  }
}

/** A receipt has no reason, but trying the transfer once more usually tells it. */
async function whyReverted(payment: Payment, desk: Desk): Promise<string> {
  const again = await simulate(payment, desk).catch(() => undefined);
  return again === undefined
    ? "the transfer reverted on chain"
    : `the transfer reverted on chain: ${again.message}`;
}

function hasTransfer(receipt: TransactionReceipt, { domain, authorization }: Payment): boolean {
  const transfers = parseEventLogs({ abi: eip3009Abi, eventName: "Transfer", logs: receipt.logs });
  return transfers.some(
    ({ address, args }) =>
      address.toLowerCase() === domain.verifyingContract.toLowerCase() &&
      args.from === authorization.from &&
      args.to === authorization.to &&
      args.value === authorization.value,
  );
}
