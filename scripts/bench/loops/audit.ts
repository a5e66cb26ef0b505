import { isDeepStrictEqual } from "node:util";
import type { Transfer } from "#sandbox";
import type { LoopAudit } from "../measurements.ts";
import type { RoundResult } from "./round.ts";

/** Holds what a buyer counted against what the chain says: a transaction has as many transfers as receipts name it. */
export function audit(rounds: readonly RoundResult[], transfers: readonly Transfer[]): LoopAudit {
  const receipts = rounds.flatMap(({ loops }) => loops.map(({ transaction }) => transaction.toLowerCase()));
  const moved = transfers.map(({ transaction }) => transaction.toLowerCase());
  return {
    loops: receipts.length,
    failures: sumOf(rounds.map(({ failures }) => failures)),
    transfers: transfers.length,
    agrees: isDeepStrictEqual(receipts.toSorted(), moved.toSorted()),
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

type Failures = Readonly<Record<string, number>>;

function sumOf(all: readonly Failures[]): Failures {
  const sums: Record<string, number> = {};
  for (const [reason, count] of all.flatMap((failures) => Object.entries(failures))) {
    sums[reason] = (sums[reason] ?? 0) + count;
  }
  return sums;
}
