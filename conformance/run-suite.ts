import { Problem, type SandboxDescription, startSandbox } from "#sandbox";
import {
  type CaseFacts,
  type CaseResult,
  openAdmin,
  planRun,
  type RunBasics,
  type Selection,
} from "./engine/index.ts";
import { exitCodeOf, type RunReport, totalsOf } from "./report/index.ts";
import { runWithVitest } from "./runner/index.ts";
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
  const { selection, seed, timeoutMs, replay, budget, workers, onVerdict, onNotice, signal } = options;
  const plan = planRun(cases, selection);
  if (plan.length === 0) {
    throw new Problem(
      "nothing-to-run",
      "No case is left to run.",
      "Check --only, --skip, --level, --protocol, --set and --shard; `x402-assay conformance list` shows all cases.",
    );
  }
  const startedAt = new Date();
  const sandbox = await sandboxFor(options.sandboxUrl, signal);
  try {
    const { adminUrl } = sandbox.description;
    const basics = { adminUrl, seed, timeoutMs, replay, ...(budget === undefined ? {} : { budget }) };
    const staged = await stage(sandbox.description, basics, plan);
    try {
      const notices = await unlessInterrupted(staged.firstLook?.() ?? Promise.resolve([]), signal);
      for (const notice of notices) onNotice?.(notice);
      const { setup } = staged;
      const verdicts = await unlessInterrupted(
        runWithVitest(
          { setup, plan: plan.map(({ id, alone = false }) => ({ id, alone })), auditId },
          { workers, onVerdict },
        ),
        signal,
      );
      return reportOf(verdicts, { suite: role, subject: setup.subject.name, seed }, startedAt);
    } finally {
      await staged.stop();
    }
  } finally {
    await sandbox.stop();
  }
}

/** The sandbox that was named, or one of our own on free ports. */
async function sandboxFor(
  adminUrl?: string,
  signal?: AbortSignal,
): Promise<{ description: SandboxDescription; stop: () => Promise<void> }> {
  if (adminUrl === undefined) {
    const { description, stop } = await startSandbox({ signal });
    return { description, stop };
  }
  try {
    return { description: await openAdmin(adminUrl).describe(), stop: async () => {} };
  } catch (cause) {
    throw new Problem(
      "sandbox-unreachable",
      `No sandbox answers at ${adminUrl}.`,
      "Give the adminUrl that `x402-assay sandbox --json` prints.",
      { cause },
    );
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
  cases: readonly CaseResult[],
  run: Pick<RunReport, "suite" | "subject" | "seed">,
  startedAt: Date,
): RunReport {
  const totals = totalsOf(cases);
  return {
    schemaVersion: 1,
    ...run,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    exitCode: exitCodeOf(totals),
    totals,
    cases,
  };
}
