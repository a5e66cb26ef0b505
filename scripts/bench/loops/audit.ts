import type { Transfer } from "#sandbox";
import type { LoopAudit } from "../measurements.ts";
import type { RoundResult } from "./round.ts";

/**
 * Holds what a buyer counted against what the chain says: each receipt names a transfer of its own, and what moved
 * without a receipt is no more than the loops that failed.
 */
export function audit(rounds: readonly RoundResult[], transfers: readonly Transfer[]): LoopAudit {
  const receipts = rounds.flatMap(({ loops }) => loops.map(({ transaction }) => transaction.toLowerCase()));
  const named = countOf(receipts);
  const moved = countOf(transfers.map(({ transaction }) => transaction.toLowerCase()));
  const founded = [...named].every(([transaction, count]) => count <= (moved.get(transaction) ?? 0));
  const failures = sumOf(rounds.map((round) => round.failures));
  const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
  return {
    loops: receipts.length,
    failures,
    transfers: transfers.length,
    agrees: founded && transfers.length - receipts.length <= failed,
  };
}

/** One audit for several chains; it agrees if each does. */
export function addUp(audits: readonly LoopAudit[]): LoopAudit {
  return {
    loops: audits.reduce((sum, { loops }) => sum + loops, 0),
    failures: sumOf(audits.map(({ failures }) => failures)),
    transfers: audits.reduce((sum, { transfers }) => sum + transfers, 0),
    agrees: audits.every(({ agrees }) => agrees),
  };
}

function countOf(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

type Failures = Readonly<Record<string, number>>;

function sumOf(all: readonly Failures[]): Failures {
  const sums: Record<string, number> = {};
  for (const [reason, count] of all.flatMap((failures) => Object.entries(failures))) {
    sums[reason] = (sums[reason] ?? 0) + count;
  }
  return sums;
}
