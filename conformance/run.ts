import { Problem, type SandboxDescription, startSandbox } from "#sandbox";
import { sellerCases } from "./cases/seller/index.ts";
import {
  type ApiRequest,
  type CaseResult,
  openAdmin,
  planRun,
  type Selection,
  type SellerRequests,
} from "./engine/index.ts";
import { runWithVitest } from "./engine/vitest/index.ts";
import { sendOverWire } from "./oracles/wire/index.ts";
import { exitCodeOf, type RunReport, totalsOf } from "./report/index.ts";
import { freePort, type Subject, startCommand, startReference, subjectAt } from "./subjects/index.ts";

/** Which seller to judge, as flags and config name it. Without `url`, the reference seller. */
export interface SellerTarget {
  /** Origin and requests of the seller; `{port}` in either stands for the port that `start` is given. */
  readonly url?: string | undefined;
  readonly start?: string | undefined;
  readonly ready?: string | undefined;
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
}

/**
 * Judges a seller: brings up a sandbox and the subject, runs the cases, ends both, and gives the report.
 *
 * @throws Problem when the sandbox or the subject cannot be reached, or nothing is left to run
 */
export async function judgeSeller(options: SellerRunOptions): Promise<RunReport> {
  const plan = planRun(sellerCases, options.selection);
  if (plan.length === 0) {
    throw new Problem(
      "nothing-to-run",
      "No case is left to run.",
      "Check --only, --skip, --level and --shard; `x402-assay conformance list` shows all cases.",
    );
  }
  const startedAt = new Date();
  const sandbox = await sandboxFor(options.sandboxUrl);
  try {
    const subject = await subjectFor(options.target, sandbox.description);
    try {
      const { seed, timeoutMs, replay, workers, onVerdict } = options;
      const setup = {
        adminUrl: sandbox.description.adminUrl,
        subject: subject.setup,
        seed,
        timeoutMs,
        replay,
      };
      const cases = await runWithVitest(plan, setup, { workers, onVerdict });
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
): Promise<{ description: SandboxDescription; stop: () => Promise<void> }> {
  if (adminUrl === undefined) {
    const { description, stop } = await startSandbox();
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

async function subjectFor(target: SellerTarget, sandbox: SandboxDescription): Promise<Subject> {
  if (target.url === undefined) return startReference(sandbox);
  const port = await freePort();
  const atPort = (text: string) => text.replaceAll("{port}", String(port));
  const url = new URL(atPort(target.url));
  const requests = { paid: paidRequest(url, target), ...target.requests };
  if (target.start === undefined) {
    await requireReachable(url);
    return subjectAt(url.origin, requests);
  }
  const { start: command, ready } = target;
  return startCommand(
    { command, readyUrl: ready === undefined ? url.href : atPort(ready), origin: url.origin, requests, port },
    sandbox,
  );
}

function paidRequest(url: URL, { method = "GET", data }: SellerTarget): ApiRequest {
  return { method, target: `${url.pathname}${url.search}`, ...(data === undefined ? {} : { body: data }) };
}

async function requireReachable(url: URL): Promise<void> {
  const answer = await sendOverWire(
    { method: "GET", origin: url.origin, target: `${url.pathname}${url.search}`, headers: {} },
    10_000,
  );
  if (answer.kind === "answer") return;
  throw new Problem(
    "subject-unreachable",
    `No HTTP answer from ${url.href}: ${answer.why}.`,
    "Start the seller first, or let the suite start it with --start.",
  );
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
