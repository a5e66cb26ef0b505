import type { Transfer } from "#sandbox";
import type { LoopAudit } from "../measurements.ts";
import type { RoundResult } from "./round.ts";

/** Holds what a buyer counted against what the chain says: the receipts name every transfer, each once. */
export function audit(rounds: readonly RoundResult[], transfers: readonly Transfer[]): LoopAudit {
  const receipts = rounds.flatMap(({ loops }) => loops.map(({ transaction }) => transaction.toLowerCase()));
  const named = new Set(receipts);
  const moved = new Set(transfers.map(({ transaction }) => transaction.toLowerCase()));
  const failures: Record<string, number> = {};
  for (const [reason, count] of rounds.flatMap((round) => Object.entries(round.failures))) {
    failures[reason] = (failures[reason] ?? 0) + count;
  }
  return {
    loops: receipts.length,
    failures,
    transfers: transfers.length,
    agrees:
      named.size === receipts.length &&
      transfers.length === receipts.length &&
      receipts.every((transaction) => moved.has(transaction)),
  };
}
