import type { CaseResult, Status } from "../engine/index.ts";
import { type RunReport, statuses } from "./run-report.ts";

/** A run in a few words, the same in every report. */
export interface Summary {
  readonly verdict: "conformant" | "not-conformant" | "incomplete" | "fault";
  /** `CONFORMANT`, for a headline. */
  readonly word: string;
  /** What that means here, one sentence. */
  readonly sentence: string;
  /** `2 fail, 278 pass, 3 not-applicable`, without those that are none. */
  readonly counts: string;
}

/** Sums a run up. */
export function summaryOf({ exitCode, totals, cases: all, baseline }: RunReport): Summary {
  const known = all.filter((verdict) => verdict.known !== undefined);
  const counts = `${countsOf(totals)}${known.length === 0 ? "" : ` (${known.length} known)`}`;
  const failing = all.filter(
    ({ status, known: isKnown }) => status === "fail" && isKnown === undefined,
  ).length;
  const stale = baseline?.stale.length ?? 0;
  switch (exitCode) {
    case 0:
      return {
        verdict: "conformant",
        word: known.length === 0 ? "CONFORMANT" : "KNOWN FAILURES ONLY",
        sentence: `Every rule that was tried holds${known.length === 0 ? "" : `, but for ${cases(known.length)} that the baseline knows of`}${totals.warn === 0 ? "" : `; ${cases(totals.warn)} to look at`}.`,
        counts,
      };
    case 1:
      return {
        verdict: "not-conformant",
        word: failing === 0 ? "STALE BASELINE" : "NOT CONFORMANT",
        sentence:
          failing === 0
            ? `No rule is broken that the baseline does not know of, but ${stale === 1 ? "one of its entries is" : `${stale} of its entries are`} not true any more.`
            : `${cases(failing)} found a rule broken${known.length === 0 ? "" : `, besides ${known.length} that the baseline knows of`}.`,
        counts,
      };
    case 3:
      return {
        verdict: "incomplete",
        word: "INCOMPLETE",
        sentence:
          totals.inconclusive === 0
            ? "No case could be tried."
            : `${cases(totals.inconclusive)} could prove nothing, so the run says neither yes nor no.`,
        counts,
      };
    case 4:
      return {
        verdict: "fault",
        word: "FAULT OF THE SUITE",
        sentence: "The suite itself failed, so that its verdicts say nothing about the subject.",
        counts,
      };
  }
}

/** Cases of one status that say the same about why they came to it, most frequent first. */
export function byReason(
  status: Status,
  { cases: all }: Pick<RunReport, "cases">,
): readonly (readonly [reason: string, verdicts: readonly CaseResult[]])[] {
  const unexpected = all.filter((verdict) => verdict.status === status && verdict.known === undefined);
  return [...Map.groupBy(unexpected, reasonOf)].sort(([, one], [, other]) => other.length - one.length);
}

/** The same obstacle is in the way of a control and of a case. */
function reasonOf({ message = "no reason" }: CaseResult): string {
  return message.replace(/^The control failed: /, "");
}

/** Why a failure is accepted, and until when. */
export function knownText({ reason, expires }: NonNullable<CaseResult["known"]>): string {
  return `known${expires === undefined ? "" : ` until ${expires}`}: ${reason}`;
}

/** `12.3 s`, `2 min 5 s` */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

function countsOf(totals: Readonly<Record<Status, number>>): string {
  return statuses
    .filter((status) => totals[status] > 0)
    .map((status) => `${totals[status]} ${status}`)
    .join(", ");
}

function cases(count: number): string {
  return count === 1 ? "1 case" : `${count} cases`;
}
