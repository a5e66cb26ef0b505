import { auditRun } from "./audit.ts";
import type { Case } from "./case.ts";
import type { RunContext } from "./context.ts";
import { runCase } from "./run-case.ts";
import type { CaseResult } from "./verdict.ts";

/** Cases in flight at once. */
const concurrency = 8;

/** Runs cases in this thread, those that disturb the subject alone at the end, and audits the whole. */
export async function runCases(cases: readonly Case[], context: RunContext): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  const together = cases.filter(({ alone }) => !alone);
  const queue = together.values();
  const lane = async () => {
    for (const next of queue) results.push(await runCase(next, context));
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  for (const next of cases.filter(({ alone }) => alone)) results.push(await runCase(next, context));
  results.push(await auditRun(context, results));
  return results;
}
