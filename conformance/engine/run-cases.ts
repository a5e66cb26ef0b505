import type { Actor, CaseOf } from "./case.ts";
import { runCase } from "./run-case.ts";
import type { Bench } from "./suite.ts";
import type { CaseResult } from "./verdict.ts";

/** Cases in flight at once. */
const concurrency = 8;

/** Runs cases in this thread, those that disturb the subject alone at the end, and audits the whole. */
export async function runCases<A extends Actor, Need extends string>(
  cases: readonly CaseOf<A, Need>[],
  bench: Bench<A, Need>,
): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  const together = cases.filter(({ alone }) => !alone);
  const queue = together.values();
  const lane = async () => {
    for (const next of queue) results.push(await runCase(next, bench));
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  for (const next of cases.filter(({ alone }) => alone)) results.push(await runCase(next, bench));
  results.push(await bench.audit(results));
  return results;
}
