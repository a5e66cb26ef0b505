import type { Actor, CaseOf } from "./case.ts";
import { caseTimeout } from "./case-timeout.ts";
import { judgeInTurns } from "./judge-in-turns.ts";
import type { Bench } from "./suite.ts";
import type { CaseResult } from "./verdict.ts";

const pace = { lanes: 8, longest: caseTimeout() };

/** Runs cases in this thread, those that disturb the subject alone at the end, and audits the whole. */
export async function runCases<A extends Actor, Need extends string>(
  cases: readonly CaseOf<A, Need>[],
  bench: Bench<A, Need>,
): Promise<CaseResult[]> {
  const judge = judgeInTurns(bench, pace);
  const results = await Promise.all(cases.filter(({ alone }) => !alone).map(judge));
  for (const next of cases.filter(({ alone }) => alone)) results.push(await judge(next));
  results.push(await bench.audit(results));
  return results;
}
