import { type TestContext, test } from "vitest";
import type { CaseResult, OpenSuite } from "../engine/index.ts";
import type { PlannedCase } from "./provided.ts";
import "./provided.ts";

/** What is registered as tests. */
export interface CasesToRegister {
  /** The cases to run, in order; those that disturb the subject come last. */
  readonly plan: readonly PlannedCase[];
  /** Id of the verdict on the run as a whole. */
  readonly auditId: string;
  /** The suite, open by the time the first test runs. */
  readonly suite: () => OpenSuite;
  /** A verdict as it may be shown; as it is without it. */
  readonly redact?: (verdict: CaseResult) => CaseResult;
  /** What is told of a verdict that is no pass. */
  readonly describe: (verdict: CaseResult) => string;
  /** Longest that the audit may take, in milliseconds; as Vitest is configured without it. */
  readonly timeout?: number;
}

/**
 * Makes each case a test of the Vitest that runs the file at hand, and the audit of the run the last one. Verdicts go
 * into each task's meta. Gives those that there are so far.
 */
export function registerCases(cases: CasesToRegister): readonly CaseResult[] {
  const { plan, auditId, suite, redact = asItIs, describe, timeout } = cases;
  // Vitest never tries a case again: its payer has paid.
  const options = { retry: 0, ...(timeout === undefined ? {} : { timeout }) };
  // The suite sees to how long a case takes: it may have to wait for its turn, which does not count.
  const untimed = { retry: 0, timeout: 0 };
  const verdicts: CaseResult[] = [];
  const report = (context: TestContext, verdict: CaseResult) => {
    verdicts.push(verdict);
    return tell(context, redact(verdict), describe);
  };
  for (const { id, title, alone = false } of plan) {
    test(nameOf(id, title), { ...untimed, concurrent: !alone }, async (t) =>
      report(t, await suite().run(id)),
    );
  }
  test(nameOf(auditId), { ...options, concurrent: false }, async (t) =>
    report(t, await suite().audit(verdicts)),
  );
  return verdicts;
}

function asItIs(verdict: CaseResult): CaseResult {
  return verdict;
}

function nameOf(id: string, title?: string): string {
  return title === undefined ? id : `${id}: ${title}`;
}

async function tell(
  { task, skip, annotate }: TestContext,
  verdict: CaseResult,
  describe: CasesToRegister["describe"],
): Promise<void> {
  task.meta.verdict = verdict;
  if (verdict.status === "pass") return;
  if (verdict.status === "not-applicable") skip(verdict.message);
  if (verdict.status === "warn") return void (await annotate(describe(verdict), "warning"));
  throw new NotConformant(describe(verdict));
}

/** A case that did not pass. Its stack would lead into the suite, where there is nothing to see. */
class NotConformant extends Error {
  override readonly name = "NotConformant";
  override readonly stack = "";
}
