import { extname, resolve } from "node:path";
import type { Reporter, TestCase, TestModule } from "vitest/node";
import { Problem } from "#sandbox";
import { type CaseResult, caseTimeout } from "../engine/index.ts";
import { type Assignment, openHandover } from "./handover.ts";
import type { PlannedRun, ProvidedRun } from "./provided.ts";
import { withWritableHome } from "./writable-home.ts";

/** Cases in flight, unless told: enough to keep two cores busy while some of them wait for the chain. */
const defaultWorkers = 16;

/** How a run goes about it. */
export interface RunnerOptions {
  /** Milliseconds that one request may take. */
  readonly timeoutMs: number;
  /** Cases in flight at once. */
  readonly workers?: number | undefined;
}

/** A Vitest that gets ready while whatever the cases need is brought up. */
export interface Runner {
  /**
   * Runs the cases and gives their verdicts, redacted, in the order of the plan, the audit of the run last. To be
   * called once.
   *
   * @param onVerdict called with each verdict as it comes
   * @throws Problem `config` when Vitest is not installed; Error when it fails, or a case comes back without a verdict
   */
  judge(assignment: Assignment, onVerdict: (verdict: CaseResult) => void): Promise<CaseResult[]>;
  /** Ends it if there is nothing to judge after all. */
  close(): Promise<void>;
}

/** TypeScript in the repository, JavaScript in the package. */
const adapter = resolve(import.meta.dirname, `cases.vitest${extname(import.meta.filename)}`);
const projectRoot = resolve(import.meta.dirname, "../..");

/**
 * Starts Vitest and, in it, one worker thread that loads the cases, which takes about a second. Resolves when that
 * begins.
 */
export async function startRunner(run: PlannedRun, options: RunnerOptions): Promise<Runner> {
  const handover = openHandover();
  const collector = new VerdictCollector();
  const { timeoutMs, workers: lanes = defaultWorkers } = options;
  const provided = { ...run, handover: handover.name, lanes };
  const ended = runVitest(provided, timeoutMs, collector).finally(handover.close);
  // Whoever judges is told of a failure; without anybody who does, it does not matter.
  const endedAnyhow = ended.catch(() => undefined);
  await Promise.race([collector.started, endedAnyhow]);
  let isJudging = false;
  return {
    async judge(assignment, onVerdict) {
      isJudging = true;
      collector.onVerdict = onVerdict;
      handover.give(assignment);
      await ended;
      return [...run.plan.map(({ id }) => id), run.auditId].map((id) => collector.verdictOf(id));
    },
    async close() {
      if (isJudging) return;
      handover.give(undefined);
      await endedAnyhow;
    },
  };
}

async function runVitest(run: ProvidedRun, timeoutMs: number, reporter: VerdictCollector): Promise<void> {
  const { startVitest } = await loadVitest();
  const options = {
    config: false,
    root: projectRoot,
    include: [adapter],
    // Without any: the package lies under node_modules.
    exclude: [],
    watch: false,
    reporters: [reporter],
    provide: { run },
    // Node runs our modules as they are; Vite would look into some four hundred, one by one.
    server: { deps: { external: [/\/(?:conformance|sandbox)\/.+\.[jt]s$/] } },
    pool: "threads",
    isolate: false,
    fileParallelism: false,
    // The suite itself sees to how many cases are in flight, and what waits for its turn takes no lane.
    maxConcurrency: run.plan.length,
    testTimeout: caseTimeout(timeoutMs),
    passWithNoTests: false,
    // A red case is a verdict, not a crash: the exit code is ours to give.
    silent: true,
  } satisfies Parameters<typeof startVitest>[2];
  // Vitest 3 and 4 want the mode; 5 takes it, too.
  const start = () => startVitest("test", [adapter], options);
  const vitest = await withWritableHome(start, reporter.started);
  await vitest.close();
  process.exitCode = undefined;
}

/** Vitest is a peer, which not every package manager installs by itself. */
function loadVitest() {
  return import("vitest/node").catch((cause: unknown) => {
    throw new Problem(
      "config",
      "Vitest, on which the suite runs its cases, cannot be loaded.",
      "Install it beside x402-assay: npm i -D vitest",
      { cause },
    );
  });
}

/** Takes the verdicts out of the tasks' meta. */
class VerdictCollector implements Reporter {
  readonly #verdicts = new Map<string, CaseResult>();
  readonly #failures: string[] = [];
  onVerdict: ((verdict: CaseResult) => void) | undefined;

  readonly #started = Promise.withResolvers<void>();
  /** Resolves when the worker is about to be. */
  readonly started = this.#started.promise;

  onTestModuleQueued(): void {
    this.#started.resolve();
  }

  onTestCaseResult(testCase: TestCase): void {
    const { verdict } = testCase.meta();
    if (verdict === undefined) {
      const reasons = testCase.result().errors?.map((error) => error.message) ?? [];
      this.#failures.push(`${testCase.name}: ${reasons.join("; ") || "no verdict"}`);
      return;
    }
    this.#verdicts.set(verdict.id, verdict);
    this.onVerdict?.(verdict);
  }

  onTestModuleEnd(testModule: TestModule): void {
    for (const error of testModule.errors()) this.#failures.push(error.stack ?? error.message);
  }

  onTestRunEnd(
    _modules: readonly TestModule[],
    errors: Parameters<Required<Reporter>["onTestRunEnd"]>[1],
  ): void {
    for (const error of errors) this.#failures.push(error.stack ?? error.message);
  }

  verdictOf(id: string): CaseResult {
    const verdict = this.#verdicts.get(id);
    if (verdict !== undefined) return verdict;
    throw new Error(`No verdict came back for ${id}. ${this.#failures.join("\n")}`);
  }
}
