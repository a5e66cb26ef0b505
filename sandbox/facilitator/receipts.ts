import { setTimeout as sleep } from "node:timers/promises";
import type { Hash, TransactionReceipt } from "viem";
import type { ChainClient } from "./chain-connection.ts";

/** Waits for a transaction's receipt; `undefined` when none comes in time, or ever. All who wait for one wait together. */
export type Receipts = (hash: Hash) => Promise<TransactionReceipt | undefined>;

/** How long receipts are waited for. */
export interface ReceiptOptions {
  /** Milliseconds after which one counts as not coming. */
  readonly timeoutMs: number;
  /** Called now and then while one is overdue; whether another transaction has taken its place. */
  readonly whenOverdue: (hash: Hash) => Promise<boolean>;
}

/** A local chain mines at once, so the receipt is asked for at once, and again; then ever less often. Milliseconds. */
const polling = { atOnce: 3, first: 1, slowest: 50, growth: 1.5 } as const;

/** A receipt that takes longer may never come: the chain may have lost a transaction. Milliseconds. */
const overdueMs = 150;

/** Reads receipts from the chain. */
export function openReceipts(chain: ChainClient, { timeoutMs, whenOverdue }: ReceiptOptions): Receipts {
  const awaited = new Map<Hash, Promise<TransactionReceipt | undefined>>();

  async function receiptInTime(hash: Hash): Promise<TransactionReceipt | undefined> {
    const deadline = performance.now() + timeoutMs;
    let overdue = performance.now() + overdueMs;
    let pause: number = polling.first;
    let wasReplaced = false;
    for (let asked = 1; ; asked++) {
      const receipt = await readReceipt(hash, chain);
      if (receipt !== undefined) return receipt;
      if (asked < polling.atOnce) continue;
      if (performance.now() + pause > deadline) return undefined;
      if (performance.now() > overdue) {
        // During an outage nothing can be told; the next time is not far.
        const isReplaced = await whenOverdue(hash).catch(() => false);
        // A node may count a transaction a moment before it shows its receipt.
        if (isReplaced && wasReplaced) return undefined;
        wasReplaced = isReplaced;
        overdue = performance.now() + overdueMs;
      }
      await sleep(pause);
      pause = Math.min(pause * polling.growth, polling.slowest);
    }
  }

  return (hash) => {
    const known = awaited.get(hash);
    if (known !== undefined) return known;
    const receipt = receiptInTime(hash).finally(() => awaited.delete(hash));
    awaited.set(hash, receipt);
    return receipt;
  };
}

/** An outage counts as "no receipt yet": the transaction is out, so it must not be called a failure. */
async function readReceipt(hash: Hash, chain: ChainClient): Promise<TransactionReceipt | undefined> {
  try {
    return await chain.getTransactionReceipt({ hash });
  } catch {
    return undefined;
  }
}
