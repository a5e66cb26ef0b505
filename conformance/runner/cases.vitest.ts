import { inject, type TestContext, test } from "vitest";
import { sellerCases } from "../cases/seller/index.ts";
import { auditId, auditRun, type CaseResult, openContext, runCase } from "../engine/index.ts";
import "./provided.ts";

/*
 * The one place where a case becomes a test. Vitest loads this file in a worker; plan and set-up come from the main
 * thread, verdicts go back in each task's meta.
 */
const { setup, plan } = inject("run");
const context = await openContext(setup);
const casesById = new Map(sellerCases.map((subjectCase) => [subjectCase.id, subjectCase]));
const verdicts: CaseResult[] = [];

for (const id of plan) {
  const subjectCase = casesById.get(id);
  if (subjectCase === undefined) throw new Error(`The plan names ${id}, which is no case.`);
  const run = subjectCase.alone ? test : test.concurrent;
  run(id, async (t) => report(t, await runCase(subjectCase, context)));
}

test(auditId, async (t) => report(t, await auditRun(context, verdicts)));

function report({ task, skip }: TestContext, verdict: CaseResult): void {
  verdicts.push(verdict);
  task.meta.verdict = verdict;
  if (verdict.status === "not-applicable") skip(verdict.message);
  if (verdict.status === "pass" || verdict.status === "warn") return;
  throw new Error(`${verdict.status}: ${verdict.message}`);
}
