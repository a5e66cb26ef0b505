import { requirement, severityOf } from "../requirements/index.ts";
import type { Case, Script } from "./case.ts";
import type { RunContext } from "./context.ts";
import { Exchange, ExchangeGroup } from "./exchange.ts";
import { Finding, NotApplicable, Unproven } from "./finding.ts";
import { type Need, remedies } from "./request.ts";
import { Trader } from "./trader.ts";
import type { CaseResult, Status } from "./verdict.ts";

/** What a case came to, before it is dressed up as a result. */
interface Outcome {
  readonly status: Status;
  readonly message?: string;
  readonly expected?: string;
  readonly actual?: string;
  readonly evidence?: Pick<CaseResult, "exchanges" | "account">;
}

/** Runs one case and gives its verdict. Never throws: what is our own fault is the verdict `error`. */
export async function runCase(subjectCase: Case, context: RunContext): Promise<CaseResult> {
  const started = performance.now();
  const { evidence, ...outcome } = await judgeWithEvidence(subjectCase, context).catch(ourFault);
  const rule = requirement(subjectCase.requirement);
  const repeatable = outcome.status !== "pass" && outcome.status !== "not-applicable";
  return {
    id: subjectCase.id,
    role: rule.role,
    requirement: rule.id,
    level: rule.level,
    title: subjectCase.title,
    durationMs: Math.round(performance.now() - started),
    ...outcome,
    ...evidence,
    ...(repeatable ? { replay: context.replay.replace("{case}", subjectCase.id) } : {}),
  };
}

async function judgeWithEvidence(subjectCase: Case, context: RunContext): Promise<Outcome> {
  const trader = await Trader.open(context, subjectCase.id);
  const outcome = await judge(subjectCase, context, trader);
  return { ...outcome, evidence: { exchanges: trader.records, account: await trader.account() } };
}

/**
 * Control first: a refusal proves nothing about a subject that refuses everything. A rule that is broken without
 * any control is broken all the same; one that holds counts only when the subject sells.
 */
async function judge(subjectCase: Case, context: RunContext, trader: Trader): Promise<Outcome> {
  const missing = await missingNeed(subjectCase, context);
  if (missing !== undefined) return { status: "not-applicable", message: remedies[missing] };
  if (subjectCase.control === undefined) return judgeAlone(subjectCase, context, trader);
  // Every control is a purchase of some kind: when the first one failed, the others need not be tried.
  const sale = await context.sale();
  if (sale.kind === "not-sold") return neverSold("Nothing can be said: ", sale.why);
  const control = await play(subjectCase.control, trader, subjectCase);
  return control.status === "pass" ? play(subjectCase.probe, trader, subjectCase) : failedControl(control);
}

async function judgeAlone(subjectCase: Case, context: RunContext, trader: Trader): Promise<Outcome> {
  const probe = await play(subjectCase.probe, trader, subjectCase);
  if (probe.status !== "pass") return probe;
  const sale = await context.sale();
  return sale.kind === "sold" ? probe : neverSold("The rule held, but ", sale.why);
}

function neverSold(lead: string, why: string): Outcome {
  return { status: "inconclusive", message: `${lead}the subject never sold anything: ${why}` };
}

async function missingNeed(subjectCase: Case, context: RunContext): Promise<Need | undefined> {
  for (const need of subjectCase.needs ?? []) {
    if (!(await isGiven(need, context))) return need;
  }
  return undefined;
}

async function isGiven(need: Need, context: RunContext): Promise<boolean> {
  if (need === "restart") return context.subject.restartUrl !== undefined;
  if (need !== "own-facilitator" && need !== "authorization-flow") {
    return context.subject.requests[need] !== undefined;
  }
  const sale = await context.sale();
  // A subject that sells nothing is judged by that, not excused for what it could not show.
  if (sale.kind === "not-sold") return true;
  return need === "own-facilitator" ? sale.usesOwnFacilitator : sale.flow === "authorization";
}

async function play(script: Script, trader: Trader, subjectCase: Case): Promise<Outcome> {
  try {
    const exchange = script(trader);
    await (exchange instanceof Exchange || exchange instanceof ExchangeGroup ? exchange.done() : exchange);
    return { status: "pass" };
  } catch (error) {
    if (error instanceof Finding) {
      const { message, expected, actual } = error;
      return { status: statusOfFinding(subjectCase), message, expected, actual };
    }
    if (error instanceof Unproven) return { status: "inconclusive", message: error.message };
    if (error instanceof NotApplicable) return { status: "not-applicable", message: error.message };
    return ourFault(error);
  }
}

function statusOfFinding(subjectCase: Case): "fail" | "warn" {
  return severityOf(requirement(subjectCase.requirement).level) === "must" ? "fail" : "warn";
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
