import type { CaseResult } from "../engine/index.ts";
import { exitCodeOf, type RunReport, type StaleEntry } from "../report/index.ts";
import type { Baseline, ExpectedFailure } from "./baseline.ts";

/** Marks a verdict that the baseline expects as known. It stays the failure that it is. */
export function withKnown(verdict: CaseResult, { expectedFailures }: Baseline, today: string): CaseResult {
  const entry = expectedFailures.find((expected) => expected.case === verdict.id);
  if (entry === undefined || entry.status !== verdict.status || isExpired(entry, today)) return verdict;
  const { reason, expires } = entry;
  return { ...verdict, known: { reason, ...(expires === undefined ? {} : { expires }) } };
}

/**
 * Holds a run against the baseline: what is known counts no longer, and entries that nothing bears out any more are
 * told of, so that the file tells the truth.
 *
 * @param cases ids of all cases that there are, whether they ran or not
 * @param today `YYYY-MM-DD`
 */
export function heldAgainst(
  report: RunReport,
  { file, baseline, cases }: { file: string; baseline: Baseline; cases: ReadonlySet<string> },
  today: string,
): RunReport {
  const held = report.cases.map((verdict) => withKnown(verdict, baseline, today));
  const verdicts = new Map(held.map((verdict) => [verdict.id, verdict]));
  const stale = baseline.expectedFailures.flatMap((entry): StaleEntry[] => {
    const why = cases.has(entry.case)
      ? staleness(entry, verdicts.get(entry.case), today)
      : "there is no such case";
    return why === undefined ? [] : [{ case: entry.case, why }];
  });
  const found = { cases: held, baseline: { file, stale } };
  return { ...report, ...found, exitCode: exitCodeOf(found) };
}

/** The present day as baselines write it. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** Why an entry is not true any more. A case that did not run, or proved nothing, says nothing about it. */
function staleness(entry: ExpectedFailure, verdict: CaseResult | undefined, day: string): string | undefined {
  if (verdict === undefined) return undefined;
  const { status } = verdict;
  if (status === "pass" || status === "warn")
    return `it does not ${entry.status === "fail" ? "fail" : "stay inconclusive"} any more`;
  if (status === "fail" && entry.status === "inconclusive") return "it fails now";
  return isExpired(entry, day)
    ? `its last day was ${entry.expires}; mend the failure, or name a later day`
    : undefined;
}

function isExpired({ expires }: ExpectedFailure, day: string): boolean {
  return expires !== undefined && expires < day;
}
