import { Problem, type SandboxDescription, startSandbox } from "#sandbox";
import {
  type ApiRequest,
  type CaseResult,
  openAdmin,
  planRun,
  type RunSetup,
  type Selection,
  type SellerRequests,
} from "./engine/index.ts";
import { exitCodeOf, type RunReport, totalsOf } from "./report/index.ts";
import { runWithVitest } from "./runner/index.ts";
import {
  firstLook,
  freePort,
  type Subject,
  startCommand,
  startReference,
  subjectAt,
} from "./subjects/index.ts";
import { sellerSuite } from "./suites.ts";

/** Which seller to judge, as flags and config name it. Without `url`, the reference seller. */
export interface SellerTarget {
  /** Origin and requests of the seller; `{port}` in either stands for the port that `start` is given. */
  readonly url?: string | undefined;
  readonly start?: string | undefined;
  readonly ready?: string | undefined;
  /** How long a seller that is started may take to get ready, in milliseconds. */
  readonly readyTimeoutMs?: number | undefined;
  readonly requests?: Omit<SellerRequests, "paid">;
  readonly method?: string | undefined;
  readonly data?: string | undefined;
}

/** A run of the seller suite. */
export interface SellerRunOptions {
  readonly target: SellerTarget;
  readonly selection: Selection;
  readonly seed: string;
  readonly timeoutMs: number;
  readonly workers?: number | undefined;
  /** Admin URL of a running sandbox; without it the run starts its own. */
  readonly sandboxUrl?: string | undefined;
  /** Command that repeats one case; `{case}` stands for its id. */
  readonly replay: string;
  readonly onVerdict?: (verdict: CaseResult) => void;
  /** Told before the cases what in the seller makes nearly all of them fail, sentence by sentence. */
  readonly onNotice?: (sentence: string) => void;
  /** Interrupts the run. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Judges a seller: brings up a sandbox and the subject, runs the cases, ends both, and gives the report.
 *
 * @throws Problem when the sandbox or the subject cannot be reached, or nothing is left to run; the signal's reason
 */
export async function judgeSeller(options: SellerRunOptions): Promise<RunReport> {
  const plan = planRun(sellerSuite.cases, options.selection);
  if (plan.length === 0) {
    throw new Problem(
      "nothing-to-run",
      "No case is left to run.",
      "Check --only, --skip, --level, --set and --shard; `x402-assay conformance list` shows all cases.",
    );
  }
  const startedAt = new Date();
  const { signal } = options;
  const sandbox = await sandboxFor(options.sandboxUrl, signal);
  try {
    const subject = await subjectFor(options.target, sandbox.description, signal);
    try {
      const { seed, timeoutMs, replay, workers, onVerdict } = options;
      const notices = await unlessInterrupted(
        firstLook(subject.setup, sandbox.description, timeoutMs),
        signal,
      );
      for (const notice of notices) options.onNotice?.(notice);
      const setup: RunSetup = {
        role: "seller",
        protocol: "x402@2",
        adminUrl: sandbox.description.adminUrl,
        subject: subject.setup,
        seed,
        timeoutMs,
        replay,
      };
      const cases = await unlessInterrupted(
        runWithVitest(
          { setup, plan: plan.map(({ id, alone = false }) => ({ id, alone })), auditId: sellerSuite.auditId },
          { workers, onVerdict },
        ),
        signal,
      );
      return reportOf(cases, subject, seed, startedAt);
    } finally {
      await subject.stop();
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

async function subjectFor(
  target: SellerTarget,
  sandbox: SandboxDescription,
  signal?: AbortSignal,
): Promise<Subject> {
  if (target.url === undefined) return startReference(sandbox);
  const port = await freePort();
  const atPort = (text: string) => text.replaceAll("{port}", String(port));
  const url = new URL(atPort(target.url));
  const requests = { paid: paidRequest(url, target), ...target.requests };
  if (target.start === undefined) return subjectAt(url.origin, requests);
  const { start: command, ready, readyTimeoutMs } = target;
  const readyUrl = ready === undefined ? url.href : atPort(ready);
  return startCommand(
    { command, readyUrl, readyTimeoutMs, origin: url.origin, requests, port, signal },
    sandbox,
  );
}

function paidRequest(url: URL, { method = "GET", data }: SellerTarget): ApiRequest {
  return { method, target: `${url.pathname}${url.search}`, ...(data === undefined ? {} : { body: data }) };
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

function reportOf(cases: readonly CaseResult[], subject: Subject, seed: string, startedAt: Date): RunReport {
  const totals = totalsOf(cases);
  return {
    schemaVersion: 1,
    suite: "seller",
    subject: subject.setup.name,
    seed,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    exitCode: exitCodeOf(totals),
    totals,
    cases,
  };
}
