import type { CaseResult, Selection, Status } from "../engine/index.ts";
import type { Role } from "../requirements/index.ts";

/** What a run found, as every report tells it. */
export interface RunReport {
  readonly schemaVersion: 1;
  /** What made the report. */
  readonly tool: { readonly name: string; readonly version: string };
  readonly suite: Role;
  readonly subject: string;
  readonly seed: string;
  /** Which cases were asked for. */
  readonly selection: Selection;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly exitCode: ExitCode;
  readonly totals: Readonly<Record<Status, number>>;
  readonly cases: readonly CaseResult[];
  /** What the user was told before and after the cases. */
  readonly notices?: readonly string[];
  /** The baseline that the run was held against. */
  readonly baseline?: BaselineFindings;
}

/** What holding a run against a baseline found, besides the failures that are known. */
export interface BaselineFindings {
  readonly file: string;
  /** Entries that are not true any more. */
  readonly stale: readonly StaleEntry[];
}

export interface StaleEntry {
  readonly case: string;
  readonly why: string;
}

/** 0 conformant · 1 not conformant · 3 incomplete · 4 fault of the suite. */
export type ExitCode = 0 | 1 | 3 | 4;

/** Every status, in the order in which they are told of. */
export const statuses: readonly Status[] = [
  "fail",
  "error",
  "inconclusive",
  "warn",
  "pass",
  "not-applicable",
];

/** How many cases came to each verdict. */
export function totalsOf(cases: readonly CaseResult[]): Record<Status, number> {
  const totals: Record<Status, number> = {
    pass: 0,
    fail: 0,
    warn: 0,
    inconclusive: 0,
    "not-applicable": 0,
    error: 0,
  };
  for (const { status } of cases) totals[status] += 1;
  return totals;
}

/**
 * The exit code of a run. A fault of the suite spoils every verdict; one broken rule makes a subject not conformant,
 * unless the baseline knows of it, and so does a baseline that is not true any more; a run that proves nothing, or not
 * everything it tried, is incomplete and never counts as conformant.
 */
export function exitCodeOf({ cases, baseline }: ExitCodeGrounds): ExitCode {
  const totals = totalsOf(cases);
  const unexpected = totalsOf(cases.filter(({ known }) => known === undefined));
  if (totals.error > 0) return 4;
  if (unexpected.fail > 0 || (baseline?.stale.length ?? 0) > 0) return 1;
  if (unexpected.inconclusive > 0 || totals.pass === 0) return 3;
  return 0;
}

/** What the exit code of a run depends on. */
interface ExitCodeGrounds {
  readonly cases: readonly CaseResult[];
  readonly baseline?: BaselineFindings | undefined;
}

/** Whether every case of the suite was asked for: a version or a frozen set may be chosen, a part may not. */
export function isWhole({ selection }: RunReport): boolean {
  const { only = [], skip = [], level = "all", shard } = selection;
  return only.length === 0 && skip.length === 0 && level === "all" && (shard?.count ?? 1) === 1;
}
