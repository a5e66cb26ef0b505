import { setTimeout as delay } from "node:timers/promises";
import { requirement, severityOf } from "../requirements/index.ts";
import { type Actor, type CaseOf, protocolOf, type ScriptOf } from "./case.ts";
import type { Evidence } from "./evidence.ts";
import { Difference, Finding, NotApplicable, Unproven, Unserved } from "./finding.ts";
import type { Bench } from "./suite.ts";
import type { CaseResult, Status } from "./verdict.ts";

/** What a case came to, before it is dressed up as a result. */
interface Outcome {
  readonly status: Status;
  readonly message?: string;
  readonly expected?: string;
  readonly actual?: string;
  readonly evidence?: Evidence;
  readonly doubt?: Attempt["doubt"];
  readonly ended?: Attempt["ended"];
}

/** What came of trying a case once. */
export interface Attempt {
  readonly result: CaseResult;
  /**
   * Whether cases that ran at the same time may be why: `strong` where nothing was proven, or something was not served;
   * `slight` where the subject answered by a 5xx that no fault asked for, but that breaks nothing, e.g. as a refusal.
   */
  readonly doubt?: "strong" | "slight";
  /** How the subject ended by itself meanwhile. */
  readonly ended?: string;
}

/** Most exchanges that are kept of a case that passes. */
const exchangesOfPass = 4;

/**
 * Runs one case and gives its verdict. Never throws: what is our own fault is the verdict `error`.
 *
 * @param longest milliseconds after which nothing is proven
 * @param label from which its actor is derived; another one for each attempt
 */
export async function runCase<A extends Actor, Need extends string>(
  subjectCase: CaseOf<A, Need>,
  bench: Bench<A, Need>,
  longest: number,
  label: string = subjectCase.id,
): Promise<Attempt> {
  const started = performance.now();
  const judged = await within(longest, judgeWithEvidence(subjectCase, bench, label)).catch(ourFault);
  const { evidence, doubt, ended, ...outcome } = judged;
  const rule = requirement(subjectCase.requirement);
  const repeatable = outcome.status !== "pass" && outcome.status !== "not-applicable";
  const result = {
    id: subjectCase.id,
    role: rule.role,
    requirement: rule.id,
    level: rule.level,
    title: subjectCase.title,
    durationMs: Math.round(performance.now() - started),
    ...outcome,
    ...evidence,
    ...(repeatable ? { replay: bench.replay.replace("{case}", subjectCase.id) } : {}),
  };
  return {
    result,
    ...(doubt === undefined ? {} : { doubt }),
    ...(ended === undefined ? {} : { ended }),
  };
}

/** Whoever hangs for so long is not waited for again, be it alone. */
async function within(longest: number, judging: Promise<Outcome>): Promise<Outcome> {
  const end = new AbortController();
  const late = unproven(`The case did not come to an end within ${longest / 1_000} s.`);
  try {
    return await Promise.race([judging, delay(longest, late, { signal: end.signal })]);
  } finally {
    end.abort();
  }
}

async function judgeWithEvidence<A extends Actor, Need extends string>(
  subjectCase: CaseOf<A, Need>,
  bench: Bench<A, Need>,
  label: string,
): Promise<Outcome> {
  const reason = await bench.inapplicable(subjectCase);
  if (reason !== undefined) return { status: "not-applicable", message: reason };
  const actor = await bench.openActor(label, protocolOf(subjectCase, bench.protocol));
  const begunAt = Date.now();
  const played = await judge(subjectCase, bench, actor);
  const seen = await actor.evidence();
  const ended = await endingMeanwhile(bench, begunAt, played.status, seen);
  const outcome = ended === undefined ? played : { ...withEnding(played, ended), ended };
  const evidence = evidenceFor(outcome.status, seen);
  const doubt =
    outcome.status === "inconclusive" ? "strong" : (outcome.doubt ?? doubtIn(outcome.status, seen));
  const judged = { ...outcome, evidence, ...(doubt === undefined ? {} : { doubt }) };
  if (outcome.status === "pass" && actor.decision !== undefined)
    return { ...judged, message: actor.decision };
  return judged;
}

/** Whoever has forgotten what it knew breaks rules that it would have kept. */
async function endingMeanwhile<A extends Actor, Need extends string>(
  { lifeline }: Bench<A, Need>,
  begunAt: number,
  status: Status,
  { exchanges = [] }: Evidence,
): Promise<string | undefined> {
  const hungUp = exchanges.some(({ answer }) => answer.kind === "no-answer");
  const isGood = status === "pass" || status === "not-applicable";
  return hungUp || !isGood ? lifeline?.endedSince(begunAt, hungUp) : undefined;
}

function withEnding(outcome: Outcome, how: string): Outcome {
  const ending = `The program ended by itself meanwhile (${how}).`;
  const doubt = "strong" as const;
  if (outcome.status === "pass") return { ...unproven(`The rule held. ${ending}`), doubt };
  const { message = "" } = outcome;
  return { ...outcome, message: `${message} ${ending}`.trim(), doubt };
}

/** A refusal by 5xx is one, and may hide that there would have been none. */
function doubtIn(status: Status, { exchanges = [], faults }: Evidence): Attempt["doubt"] {
  const isGood = status === "pass" || status === "not-applicable";
  const hasFailed = exchanges.some(({ answer }) => answer.kind === "answer" && answer.status >= 500);
  return isGood && hasFailed && faults === undefined ? "slight" : undefined;
}

/** Few read exchanges of which none is wrong. */
function evidenceFor(status: Status, { exchanges, ...evidence }: Evidence): Evidence {
  if (exchanges === undefined) return evidence;
  return { ...evidence, exchanges: status === "pass" ? exchanges.slice(-exchangesOfPass) : exchanges };
}

/**
 * Control first: a refusal proves nothing about a subject that refuses everything. A rule that is broken without
 * any control is broken all the same; one that holds counts only when the run's premise does.
 */
async function judge<A extends Actor, Need extends string>(
  subjectCase: CaseOf<A, Need>,
  bench: Bench<A, Need>,
  actor: A,
): Promise<Outcome> {
  const { control } = subjectCase;
  if (control === undefined) return judgeAlone(subjectCase, bench, actor);
  // Every control builds on the premise: when that fails, the control need not be tried.
  const premise = await bench.premise(protocolOf(subjectCase, bench.protocol), subjectCase.needs);
  if (premise.kind === "fails") return unproven(`Nothing can be said: ${premise.why}`);
  const outcome = await play(control, actor, subjectCase);
  return outcome.status === "pass" ? playProbe(subjectCase, bench, actor) : failedControl(outcome);
}

async function judgeAlone<A extends Actor, Need extends string>(
  subjectCase: CaseOf<A, Need>,
  bench: Bench<A, Need>,
  actor: A,
): Promise<Outcome> {
  const outcome = await playProbe(subjectCase, bench, actor);
  if (outcome.status !== "pass") return outcome;
  const premise = await bench.premise(protocolOf(subjectCase, bench.protocol), subjectCase.needs);
  return premise.kind === "holds" ? outcome : unproven(`The rule held, but ${premise.why}`);
}

async function playProbe<A extends Actor, Need extends string>(
  subjectCase: CaseOf<A, Need>,
  bench: Bench<A, Need>,
  actor: A,
): Promise<Outcome> {
  const outcome = await play(subjectCase.probe, actor, subjectCase);
  if (outcome.status !== "fail" && outcome.status !== "warn") return outcome;
  const doubt = await bench.doubt?.(actor);
  return doubt === undefined ? outcome : unproven(doubt);
}

function unproven(message: string): Outcome {
  return { status: "inconclusive", message };
}

async function play<A extends Actor>(
  script: ScriptOf<A>,
  actor: A,
  { requirement: rule }: { requirement: string },
): Promise<Outcome> {
  try {
    const playing = script(actor);
    await ("done" in playing ? playing.done() : playing);
    return { status: "pass" };
  } catch (error) {
    if (error instanceof Finding) {
      const { message, expected, actual } = error;
      const status = error instanceof Difference ? "warn" : statusOfFinding(rule);
      const doubt = error instanceof Unserved ? ({ doubt: "strong" } as const) : {};
      return { status, message, expected, actual, ...doubt };
    }
    if (error instanceof Unproven) return unproven(error.message);
    if (error instanceof NotApplicable) return { status: "not-applicable", message: error.message };
    return ourFault(error);
  }
}

function statusOfFinding(rule: string): "fail" | "warn" {
  return severityOf(requirement(rule).level) === "must" ? "fail" : "warn";
}

function failedControl(control: Outcome): Outcome {
  if (control.status === "error" || control.status === "not-applicable") return control;
  const difference =
    control.expected === undefined ? "" : ` Expected ${control.expected}, got ${control.actual}.`;
  return { status: "inconclusive", message: `The control failed: ${control.message}${difference}` };
}

function ourFault(error: unknown): Outcome {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { status: "error", message: `The suite itself failed: ${text}` };
}
