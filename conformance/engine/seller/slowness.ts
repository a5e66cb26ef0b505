import type { JournalEntry } from "#sandbox";
import type { Trader } from "./trader.ts";

/** How long sellers wait at least for a facilitator, in milliseconds; none takes that long on a machine with air to breathe. */
const patienceOfSellers = 3_000;

/**
 * Why a finding may be about this machine and not about the seller: without a fault that made it so, the sandbox's
 * own facilitator was so slow towards this buyer that the seller may have given up on it. `undefined` when it was not.
 */
export async function doubtOfSlowness(trader: Trader): Promise<string | undefined> {
  if (trader.metFaults) return undefined;
  const [slow] = slowCalls(await trader.facilitatorSaw());
  if (slow === undefined) return undefined;
  const seconds = (slow.durationMs / 1_000).toFixed(1);
  return (
    `The sandbox's own facilitator took ${seconds} s for a /${slow.endpoint}, and the seller may have given up on it: ` +
    "this machine is too busy. Run again when it is not, or with fewer cases at once: --workers 2."
  );
}

/** Calls that took so long by themselves that the seller may have given up on them. */
export function slowCalls(calls: readonly JournalEntry[]): readonly JournalEntry[] {
  return calls.filter(({ fault, durationMs }) => fault === undefined && durationMs > patienceOfSellers);
}
