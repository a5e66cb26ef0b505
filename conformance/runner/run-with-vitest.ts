import { extname, resolve } from "node:path";
import type { Reporter, TestCase, TestModule } from "vitest/node";
import { Problem } from "#sandbox";
import type { CaseResult } from "../engine/index.ts";
import { caseTimeout } from "./case-timeout.ts";
import type { ProvidedRun } from "./provided.ts";

/** How a run goes about it. */
export interface VitestRunOptions {
  /** Cases in flight at once. */
  readonly workers?: number | undefined;
  /** Called with each verdict as it comes. */
  readonly onVerdict?: ((verdict: CaseResult) => void) | undefined;
}

/** TypeScript in the repository, JavaScript in the package. */
const adapter = resolve(import.meta.dirname, `cases.vitest${extname(import.meta.filename)}`);
const projectRoot = resolve(import.meta.dirname, "../..");

/**
 * Runs the planned cases under Vitest, in one worker thread, and gives the verdicts in the order of the plan, the
 * audit of the run last.
 *
 * @throws Problem `config` when Vitest is not installed; Error when it fails, or a case comes back without a verdict
 */
export async function runWithVitest(
  run: ProvidedRun,
  { workers = 8, onVerdict }: VitestRunOptions = {},
): Promise<CaseResult[]> {
  const { startVitest } = await loadVitest();
  const collector = new VerdictCollector(onVerdict);
  // Vitest 3 and 4 want the mode; 5 takes it, too.
  const vitest = await startVitest("test", [adapter], {
    config: false,
    root: projectRoot,
    include: [adapter],
    // Without any: the package lies under node_modules.
    exclude: [],
    watch: false,
    reporters: [collector],
    provide: { run },
    pool: "threads",
    isolate: false,
    fileParallelism: false,
    maxConcurrency: workers,
    testTimeout: caseTimeout(run.setup.timeoutMs),
    passWithNoTests: false,
    // A red case is a verdict, not a crash: the exit code is ours to give.
    silent: true,
  });
  await vitest.close();
  process.exitCode = undefined;
  return [...run.plan.map(({ id }) => id), run.auditId].map((id) => collector.verdictOf(id));
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
  readonly #onVerdict: ((verdict: CaseResult) => void) | undefined;

  constructor(onVerdict?: (verdict: CaseResult) => void) {
    this.#onVerdict = onVerdict;
  }

  onTestCaseResult(testCase: TestCase): void {
    const { verdict } = testCase.meta();
    if (verdict === undefined) {
      const reasons = testCase.result().errors?.map((error) => error.message) ?? [];
      this.#failures.push(`${testCase.name}: ${reasons.join("; ") || "no verdict"}`);
      return;
    }
    this.#verdicts.set(verdict.id, verdict);
    this.#onVerdict?.(verdict);
  }

  onTestModuleEnd(testModule: TestModule): void {
    for (const error of testModule.errors()) this.#failures.push(error.stack ?? error.message);
  }

  verdictOf(id: string): CaseResult {
    const verdict = this.#verdicts.get(id);
    if (verdict !== undefined) return verdict;
    throw new Error(`No verdict came back for ${id}. ${this.#failures.join("\n")}`);
  }
}
