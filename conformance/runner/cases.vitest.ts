import { inject, type TestContext, test } from "vitest";
import type { CaseResult } from "../engine/index.ts";
import { openSuite } from "../suites.ts";
import "./provided.ts";

/*
 * The one place where a case becomes a test. Vitest loads this file in a worker; plan and set-up come from the main
 * thread, verdicts go back in each task's meta.
 */
const { setup, plan, auditId } = inject("run");
const suite = await openSuite(setup);
const verdicts: CaseResult[] = [];

for (const { id, alone } of plan) {
  const run = alone ? test : test.concurrent;
  run(id, async (t) => report(t, await suite.run(id)));
}

test(auditId, async (t) => report(t, await suite.audit(verdicts)));

function report({ task, skip }: TestContext, verdict: CaseResult): void {
  verdicts.push(verdict);
  task.meta.verdict = verdict;
  if (verdict.status === "not-applicable") skip(verdict.message);
  if (verdict.status === "pass" || verdict.status === "warn") return;
  throw new Error(`${verdict.status}: ${verdict.message}`);
}
