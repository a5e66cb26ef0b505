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
import {
  exitCodeOf,
  type Redact,
  type RunReport,
  redactedCase,
  redactor,
  tool,
  totalsOf,
} from "./report/index.ts";
import { runWithVitest } from "./runner/index.ts";
import { sandboxFor } from "./sandbox-for.ts";
import { secretsOf } from "./secrets.ts";
import type { AnySetup, AnySuite } from "./suites.ts";

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
  /** Told before the cases what the user should know, sentence by sentence. */
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
  stop(): Promise<void>;
}

/**
 * Brings up a sandbox and the subject, runs the cases, ends both, and gives the report.
 *
 * @throws Problem when the sandbox or the subject cannot be reached, or nothing is left to run; the signal's reason
 */
export async function runSuite<Setup extends AnySetup>(
  { role, cases, auditId }: AnySuite,
  options: RunOptions,
  stage: (
    sandbox: SandboxDescription,
    basics: RunBasics,
    plan: readonly CaseFacts[],
  ) => Promise<StagedSubject<Setup>>,
): Promise<RunReport> {
  const { selection, seed, timeoutMs, replay, budget, workers, onPlan, onVerdict, onNotice, signal } =
    options;
  const plan = planRun(cases, selection);
  if (plan.length === 0) {
    throw new Problem(
      "nothing-to-run",
      "No case is left to run.",
      "Check --only, --skip, --level, --protocol, --set and --shard; `x402-assay conformance list` shows all cases.",
    );
  }
  const startedAt = new Date();
  const sandbox = await sandboxFor(options.sandboxUrl, { signal });
  try {
    const { adminUrl } = sandbox.description;
    const ids = plan.map(({ id }) => id);
    const redact = redactor(secretsOf(sandbox.description, seed, ids, options.secrets));
    const basics = { adminUrl, seed, timeoutMs, replay, ...(budget === undefined ? {} : { budget }) };
    const staged = await stage(sandbox.description, basics, plan);
    try {
      const firstLook = await unlessInterrupted(staged.firstLook?.() ?? Promise.resolve([]), signal);
      const notices = firstLook.map(redact);
      for (const notice of notices) onNotice?.(notice);
      onPlan?.(plan.length + 1);
      const { setup } = staged;
      const verdicts = await unlessInterrupted(
        runWithVitest(
          { setup, plan: plan.map(({ id, alone = false }) => ({ id, alone })), auditId },
          { workers, onVerdict: (verdict) => onVerdict?.(redactedCase(verdict, redact)) },
        ),
        signal,
      );
      const journal = role === "seller" ? await openAdmin(adminUrl).exchanges() : [];
      return reportOf(
        withFacilitatorCalls(verdicts, journal),
        { suite: role, subject: setup.subject.name, seed, selection, notices },
        startedAt,
        redact,
      );
    } finally {
      await staged.stop();
    }
  } finally {
    await sandbox.stop();
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
  {
    notices,
    subject,
    ...run
  }: Required<Pick<RunReport, "suite" | "subject" | "seed" | "selection" | "notices">>,
  startedAt: Date,
  redact: Redact,
): RunReport {
  const totals = totalsOf(verdicts);
  return {
    schemaVersion: 1,
    tool,
    ...run,
    subject: redact(subject),
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    exitCode: exitCodeOf({ cases: verdicts }),
    totals,
    cases: verdicts.map((verdict) => redactedCase(verdict, redact)),
    ...(notices.length === 0 ? {} : { notices }),
  };
}
