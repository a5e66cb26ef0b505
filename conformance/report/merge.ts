import { isDeepStrictEqual } from "node:util";
import { Problem } from "#sandbox";
import type { CaseResult, Selection, Status } from "../engine/index.ts";
import { exitCodeOf, type RunReport, totalsOf } from "./run-report.ts";

/** A report with the name of its file. */
export interface NamedReport {
  readonly file: string;
  readonly report: RunReport;
}

/**
 * Puts the reports of all shards of a run together: the same cases, verdicts and totals as if it had not been divided.
 *
 * @param order ids of all cases in the order in which a whole run tells of them
 * @throws Problem `usage` when they are not the shards of one run, or not all of them
 */
export function mergedReport(reports: readonly NamedReport[], order: readonly string[]): RunReport {
  const [first] = reports;
  if (first === undefined)
    throw new Problem("usage", "There is nothing to merge.", "Give the JSON report of each shard.");
  for (const other of reports) requireSameRun(first, other);
  requireAllShards(reports);
  const { shard: _shard, ...selection } = first.report.selection;
  const cases = inOrder(mergedCases(reports), order);
  const starts = reports.map(({ report }) => Date.parse(report.startedAt));
  const ends = reports.map(({ report }) => Date.parse(report.startedAt) + report.durationMs);
  const notices = [...new Set(reports.flatMap(({ report }) => report.notices ?? []))];
  const baseline = mergedBaseline(reports);
  return {
    schemaVersion: 1,
    tool: first.report.tool,
    suite: first.report.suite,
    subject: first.report.subject,
    seed: [...new Set(reports.map(({ report }) => report.seed))].join(", "),
    selection,
    startedAt: new Date(Math.min(...starts)).toISOString(),
    durationMs: Math.max(...ends) - Math.min(...starts),
    exitCode: exitCodeOf({ cases, baseline }),
    totals: totalsOf(cases),
    cases,
    ...(notices.length === 0 ? {} : { notices }),
    ...(baseline === undefined ? {} : { baseline }),
  };
}

function requireSameRun(first: NamedReport, other: NamedReport): void {
  const facts = ({ report: { suite, subject, selection } }: NamedReport) => ({
    suite,
    subject,
    ...undivided(selection),
  });
  if (isDeepStrictEqual(facts(first), facts(other))) return;
  throw new Problem(
    "usage",
    `${first.file} and ${other.file} are not of one run: suite, subject and selection have to be the same.`,
    "Give every shard the same flags, but for --shard.",
  );
}

function undivided({ shard, ...selection }: Selection) {
  return { ...selection, of: shard?.count };
}

function requireAllShards(reports: readonly NamedReport[]): void {
  const places = reports.map(({ report }) => report.selection.shard?.index);
  const count = reports[0]?.report.selection.shard?.count ?? 1;
  const missing = Array.from({ length: count }, (_, index) => index + 1).filter(
    (index) => !places.includes(index),
  );
  if (missing.length > 0 && count > 1) {
    const names = missing.map((index) => `${index}/${count}`).join(", ");
    throw new Problem(
      "usage",
      `Of ${count} shards, ${names} is missing.`,
      "Give the JSON report of each shard.",
    );
  }
  if (new Set(places).size < places.length)
    throw new Problem("usage", "A shard is given twice.", "Give the JSON report of each shard once.");
}

/** The audit of a run takes place in each shard; every other case in one. */
function mergedCases(reports: readonly NamedReport[]): CaseResult[] {
  const byId = Map.groupBy(
    reports.flatMap(({ report }) => report.cases),
    ({ id }) => id,
  );
  return [...byId.values()].map((verdicts) => verdicts.reduce(mergedVerdict));
}

/** What one shard found broken is; otherwise what one could prove, the others need not. */
const weight: readonly Status[] = ["not-applicable", "inconclusive", "pass", "warn", "error", "fail"];

function mergedVerdict(one: CaseResult, other: CaseResult): CaseResult {
  const [winner, loser] =
    weight.indexOf(other.status) > weight.indexOf(one.status) ? [other, one] : [one, other];
  const durationMs = one.durationMs + other.durationMs;
  if (winner.status !== loser.status || loser.actual === undefined) return { ...winner, durationMs };
  return { ...winner, durationMs, actual: `${winner.actual}; ${loser.actual}` };
}

function inOrder(cases: readonly CaseResult[], order: readonly string[]): CaseResult[] {
  const places = new Map(order.map((id, place) => [id, place]));
  const place = ({ id }: CaseResult) => places.get(id) ?? order.length;
  return cases.toSorted((one, other) => place(one) - place(other));
}

function mergedBaseline(reports: readonly NamedReport[]): RunReport["baseline"] {
  const baselines = reports.flatMap(({ report }) => report.baseline ?? []);
  const [first] = baselines;
  if (first === undefined) return undefined;
  const stale = new Map(baselines.flatMap((each) => each.stale).map((entry) => [entry.case, entry]));
  return { file: first.file, stale: [...stale.values()] };
}
