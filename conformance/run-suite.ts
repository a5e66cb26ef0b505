import { Problem, type SandboxDescription } from "#sandbox";
import {
  type CaseFacts,
  type CaseResult,
  openAdmin,
  planRun,
  type RunBasics,
  type Selection,
} from "./engine/index.ts";
import { withFacilitatorCalls } from "./facilitator-calls.ts";
import { requireKnownCases } from "./known-cases.ts";
import { newsOfRun } from "./news-of-run.ts";
import { exitCodeOf, type RunReport, redactor, tool, totalsOf } from "./report/index.ts";
import { type Runner, startRunner } from "./runner/index.ts";
import { sandboxFor, type UsableSandbox } from "./sandbox-for.ts";
import { secretsOf } from "./secrets.ts";
import type { AnySetup, AnySuite } from "./suites.ts";
import { keepVigil } from "./vigil.ts";

/** What a run is told, whatever it judges. */
export interface RunOptions {
  readonly selection: Selection;
  readonly seed: string;
  readonly timeoutMs: number;
  readonly workers?: number | undefined;
  /** Admin URL of a running sandbox; without it the run starts its own. */
  readonly sandboxUrl?: string | undefined;
  /** Command that repeats one case; `{case}` stands for its id. */
  readonly replay: string;
  /** Told before the first case how many verdicts will come. */
  readonly onPlan?: ((verdicts: number) => void) | undefined;
  readonly onVerdict?: (verdict: CaseResult) => void;
  /** Told before and after the cases what the user should know, sentence by sentence. */
  readonly onNotice?: (sentence: string) => void;
  /** Values that no report may tell, e.g. of headers that the configuration takes from the environment. */
  readonly secrets?: readonly string[] | undefined;
  /** What the suite may sign for in all, in atomic units as decimal text. */
  readonly budget?: string | undefined;
  /** Interrupts the run. */
  readonly signal?: AbortSignal | undefined;
}

/** A subject that is there, and how the cases reach it. */
export interface StagedSubject<Setup extends AnySetup> {
  readonly setup: Setup;
  /** Looks at the subject before the cases do; gives sentences for the user. */
  readonly firstLook?: () => Promise<readonly string[]>;
  /** What befell the subject meanwhile, in sentences for the user; asked for after the cases. */
  readonly accidents?: () => readonly string[];
  stop(): Promise<void>;
}

/** Brings up the subject for the cases of a plan. */
type Stage<Setup extends AnySetup> = (
  sandbox: SandboxDescription,
  basics: RunBasics,
  plan: readonly CaseFacts[],
) => Promise<StagedSubject<Setup>>;

/**
 * Brings up a sandbox and the subject, runs the cases, ends both, and gives the report.
 *
 * @throws Problem when the sandbox or the subject cannot be reached, or nothing is left to run; the signal's reason
 */
export async function runSuite<Setup extends AnySetup>(
  suite: AnySuite,
  options: RunOptions,
  stage: Stage<Setup>,
): Promise<RunReport> {
  const { selection, sandboxUrl, timeoutMs, workers, signal } = options;
  requireKnownCases(selection);
  const plan = planRun(suite.cases, selection);
  if (plan.length === 0) {
    throw new Problem(
      "nothing-to-run",
      "No case is left to run.",
      "Check --only, --skip, --level, --protocol, --set and --shard; `x402-assay conformance list` shows all cases.",
    );
  }
  const startedAt = new Date();
  const runner = await startRunner(
    { plan: plan.map(({ id, alone = false }) => ({ id, alone })), auditId: suite.auditId },
    { timeoutMs, workers },
  );
  try {
    const sandbox = await sandboxFor(sandboxUrl, { signal });
    try {
      return await judgeIn(sandbox, { suite, plan, startedAt, runner }, options, stage);
    } finally {
      await sandbox.stop();
    }
  } finally {
    await runner.close();
  }
}

/** A run that has begun. */
interface BegunRun {
  readonly suite: AnySuite;
  readonly plan: readonly CaseFacts[];
  readonly startedAt: Date;
  readonly runner: Runner;
}

async function judgeIn<Setup extends AnySetup>(
  usable: UsableSandbox,
  { suite: { role }, plan, startedAt, runner }: BegunRun,
  options: RunOptions,
  stage: Stage<Setup>,
): Promise<RunReport> {
  const { selection, seed, timeoutMs, replay, budget, onPlan, onVerdict, onNotice, signal } = options;
  const { description: sandbox } = usable;
  const { adminUrl } = sandbox;
  const ids = plan.map(({ id }) => id);
  const secrets = secretsOf(sandbox, seed, ids, options.secrets);
  const redact = redactor(secrets);
  const basics = { adminUrl, seed, timeoutMs, replay, ...(budget === undefined ? {} : { budget }) };
  const { setup, firstLook, accidents, stop } = await stage(sandbox, basics, plan);
  try {
    const notices: string[] = [];
    const tell = (sentences: readonly string[]) => {
      for (const notice of sentences.map(redact)) {
        notices.push(notice);
        onNotice?.(notice);
      }
    };
    tell(await unlessInterrupted(firstLook?.() ?? Promise.resolve([]), signal));
    onPlan?.(plan.length + 1);
    const vigil = keepVigil(usable, (verdict) => onVerdict?.(verdict));
    const judged = runner.judge({ setup, secrets }, vigil.pass);
    const verdicts = await unlessInterrupted(vigil.over(judged), signal);
    tell(accidents?.() ?? []);
    const journal = role === "seller" ? await openAdmin(adminUrl).exchanges() : [];
    tell(newsOfRun(role, verdicts, journal));
    return reportOf(
      withFacilitatorCalls(verdicts, journal, redact),
      { suite: role, subject: redact(setup.subject.name), seed, selection, notices },
      startedAt,
    );
  } finally {
    await stop();
  }
}

/** Lets the work go on in the background when it is interrupted: whoever interrupts ends the process soon. */
function unlessInterrupted<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (signal === undefined) return work;
  const interrupted = new Promise<never>((_, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
  });
  return Promise.race([work, interrupted]);
}

function reportOf(
  verdicts: readonly CaseResult[],
  { notices, ...run }: Required<Pick<RunReport, "suite" | "subject" | "seed" | "selection" | "notices">>,
  startedAt: Date,
): RunReport {
  const totals = totalsOf(verdicts);
  return {
    schemaVersion: 1,
    tool,
    ...run,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    exitCode: exitCodeOf({ cases: verdicts }),
    totals,
    cases: verdicts,
    ...(notices.length === 0 ? {} : { notices }),
  };
}
