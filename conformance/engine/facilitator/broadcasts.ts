import type { Address } from "viem";
import { type ChainReader, type LedgerPoint, latestBlock } from "#sandbox";
import type { Broadcast } from "./reply.ts";

/** Transactions after a block, mined or waiting, whose input names the payer: its transfers, tried or done. */
export async function broadcastsOf(
  chain: ChainReader,
  payer: Address,
  after: LedgerPoint,
): Promise<readonly Broadcast[]> {
  // First what waits, then what is mined: the other way round, what is mined in between would be in neither.
  const pending = await chain.getBlock({ blockTag: "pending", includeTransactions: true });
  const latest = await latestBlock(chain);
  const numbers = Array.from({ length: Number(latest - after) }, (_, index) => after + 1n + BigInt(index));
  const mined = await Promise.all(
    numbers.map((blockNumber) => chain.getBlock({ blockNumber, includeTransactions: true })),
  );
  const trace = payer.slice(2).toLowerCase();
  const found = [...mined, pending].flatMap(({ transactions, number }) =>
    transactions
      .filter(({ input }) => input.toLowerCase().includes(trace))
      .map(({ hash, from }) => ({ hash, from, mined: number !== null && number <= latest })),
  );
  return found.filter(({ hash }, index) => found.findIndex((other) => other.hash === hash) === index);
}
