import type { Role } from "../requirements/index.ts";
import { type Actor, type CaseOf, protocolOf } from "./case.ts";
import { type Attempt, runCase } from "./run-case.ts";
import type { Bench } from "./suite.ts";
import { Turns } from "./turns.ts";
import type { CaseResult } from "./verdict.ts";

/** How the cases of a run share its time. */
export interface Pace {
  /** Cases in flight at once; without it as many as there are. */
  readonly lanes?: number | undefined;
  /** Longest that one of them may take, in milliseconds, from its turn on. */
  readonly longest: number;
}

/**
 * Most time that goes into second attempts that come to the same as the first, in milliseconds: a subject may just be
 * slow. Those that come to something else are worth theirs.
 */
const mostTime = 60_000;

/**
 * Judges the cases of one run, beside each other but for those that run alone. What beside others proved nothing, or was
 * not served, is tried once more, alone, and the verdict is that of the second attempt: some subjects fail, or mix up,
 * requests that come at once, and no rule about something else is broken by that. Of a subject that is known to do that,
 * no 5xx counts as a refusal either that was not given alone.
 */
export function judgeInTurns<A extends Actor, Need extends string>(
  bench: Bench<A, Need>,
  { lanes, longest }: Pace,
): (subjectCase: CaseOf<A, Need>) => Promise<CaseResult> {
  const turns = new Turns(lanes);
  let wasted = 0;
  let isDisturbed = false;
  const tryAgain = async (
    subjectCase: CaseOf<A, Need>,
    { result: first, doubt, ended }: Attempt,
  ): Promise<CaseResult> => {
    if (doubt === "slight" && !isDisturbed) return first;
    const premise = await bench.premise(protocolOf(subjectCase, bench.protocol), subjectCase.needs);
    if (premise.kind === "fails") return first;
    if (wasted > mostTime) return { ...first, triedAlone: "left-out" };
    await bench.quiet?.();
    const second = await runCase(subjectCase, bench, longest, labelAlone(subjectCase.id));
    const { result } = second;
    if (ended !== undefined) {
      const subjectEnded = second.ended === undefined ? "beside-others" : "alone";
      return { ...result, subjectEnded };
    }
    if (first.status !== result.status) {
      isDisturbed = true;
      return otherwise(first, result);
    }
    wasted += result.durationMs;
    return result;
  };
  return async (subjectCase) => {
    const attempt = () => runCase(subjectCase, bench, longest);
    if (subjectCase.alone) return judgedAlone(await turns.alone(attempt));
    const { outcome, hadCompany } = await turns.beside(attempt);
    if (!hadCompany) return judgedAlone(outcome);
    if (outcome.doubt === undefined) return outcome.result;
    const second = turns.alone(() => tryAgain(subjectCase, outcome), { last: outcome.doubt === "slight" });
    // What cannot be tried again leaves the first verdict as it is.
    return second.catch(() => outcome.result);
  };
}

function judgedAlone({ result, ended }: Attempt): CaseResult {
  return ended === undefined ? result : { ...result, subjectEnded: "alone" };
}

/** From which the actor of a case's second attempt is derived: its payer has paid nobody yet. */
export function labelAlone(caseId: string): string {
  return `${caseId}, alone`;
}

/** What the user has to know of second attempts, in sentences. */
export function newsOfSecondAttempts(role: Role, results: readonly CaseResult[]): string[] {
  const count = (kind: CaseResult["triedAlone"]) =>
    results.filter(({ triedAlone }) => triedAlone === kind).length;
  const ending = results.filter(({ subjectEnded }) => subjectEnded === "alone").map(({ id }) => id);
  const besideEnding = results.filter(({ subjectEnded }) => subjectEnded === "beside-others").length;
  const differing = count("otherwise");
  const leftOut = count("left-out");
  return [
    ...(ending.length === 0
      ? []
      : [
          `${casesOf(ending.length)} made the ${role} end by itself, and nothing else ran: ${listOf(ending)}. Whoever sends it the same ends it, too.`,
        ]),
    ...(besideEnding === 0
      ? []
      : [
          `The ${role} ended by itself while ${casesOf(besideEnding)} ran beside others, and what counts is how they went alone, after that.`,
        ]),
    ...(differing === 0
      ? []
      : [
          `${casesOf(differing)} went otherwise alone than beside others, and what counts is how it went alone: the ${role} mixes up, or fails, requests that come at once, unless this machine was too busy for them. Others may have passed because of that; --workers 1 judges one at a time.`,
        ]),
    ...(leftOut === 0
      ? []
      : [
          `${casesOf(leftOut)} may have come out as they did because of others beside them, and were not tried alone: too many that were came to the same. --workers 1 judges one at a time.`,
        ]),
  ];
}

function otherwise(first: CaseResult, second: CaseResult): CaseResult {
  const difference = first.expected === undefined ? "" : ` Expected ${first.expected}, got ${first.actual}.`;
  const said = first.message === undefined ? "." : `: ${first.message}${difference}`;
  const before = `Beside other cases it came out as ${first.status}${said}`;
  const message = second.message === undefined ? before : `${second.message} ${before}`;
  return { ...second, message, triedAlone: "otherwise" };
}

/** Most cases that are named. */
const longestList = 10;

function listOf(ids: readonly string[]): string {
  const rest = ids.length - longestList;
  return ids.slice(0, longestList).join(", ") + (rest > 0 ? `, and ${rest} more` : "");
}

function casesOf(count: number): string {
  return count === 1 ? "1 case" : `${count} cases`;
}
