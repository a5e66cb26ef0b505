import { setTimeout as delay } from "node:timers/promises";
import { type Hash, type TransactionReceipt, TransactionReceiptNotFoundError } from "viem";
import type { ChainReader } from "./connection.ts";

/** Milliseconds between two looks. */
const interval = 10;

/**
 * Waits until a transaction is mined and gives its receipt. viem's own wait looks again only when a new block comes;
 * Anvil can show a block a moment before its receipts, and then, on a chain that mines on demand, none would come.
 *
 * @param patienceMs how long to wait, a minute unless told
 * @throws Error when it is not mined in time
 */
export async function minedReceipt(
  chain: Pick<ChainReader, "getTransactionReceipt">,
  hash: Hash,
  patienceMs = 60_000,
): Promise<TransactionReceipt> {
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline) {
    try {
      return await chain.getTransactionReceipt({ hash });
    } catch (error) {
      if (!(error instanceof TransactionReceiptNotFoundError)) throw error;
      await delay(interval);
    }
  }
  throw new Error(`Transaction ${hash} was not mined within ${patienceMs / 1000} s.`);
}
