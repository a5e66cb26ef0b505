import { randomBytes } from "node:crypto";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { Problem, type SandboxDescription } from "#sandbox";
import {
  type CaseResult,
  caseTimeout,
  type OpenSuite,
  openAdmin,
  planRun,
  type RunBasics,
} from "../../engine/index.ts";
import { requireKnownCases } from "../../known-cases.ts";
import { newsOfRun } from "../../news-of-run.ts";
import { type Redact, redactedCase, redactor, verdictLines } from "../../report/index.ts";
import { secretsOf } from "../../secrets.ts";
import { type AnySetup, type AnySuite, openSuite } from "../../suites.ts";
import { registerCases } from "../register-cases.ts";
import { openTestSandbox } from "./start-sandbox.ts";
import { type SuiteOptions, selectionOf } from "./suite-options.ts";

/** The subject of a suite, reachable. */
interface Staged {
  readonly setup: AnySetup;
  /** What the user should know before the cases. */
  readonly notices: readonly string[];
}

/** Ends something when the tests are over. */
type AtEnd = (end: () => Promise<void>) => void;

/** Longest that sandbox and subject may take to start, in milliseconds. */
const startTimeout = 120_000;

/**
 * Registers a suite: a `describe` with one test per case. The sandbox and the subject start before the first and end
 * after the last of those that the user's filters leave.
 */
export function describeSuite(
  { role, cases, auditId }: AnySuite,
  options: SuiteOptions,
  stage: (sandbox: SandboxDescription, basics: RunBasics, atEnd: AtEnd) => Promise<Staged>,
): void {
  const seed = options.seed ?? process.env.X402_ASSAY_SEED ?? randomBytes(4).toString("hex");
  const timeoutMs = options.timeout ?? 15_000;
  requireKnownCases(selectionOf(options));
  const plan = planRun(cases, selectionOf(options));
  if (plan.length === 0) {
    throw new Problem(
      "nothing-to-run",
      `No case of the ${role} suite is left to run.`,
      "Check only, skip, level, protocol and set; `npx x402-assay conformance list` shows all cases.",
    );
  }
  const ids = plan.map(({ id }) => id);
  describe(`x402 ${role}`, { shuffle: false }, () => {
    let suite: OpenSuite;
    let redact: Redact = (text) => text;
    let news: (verdicts: readonly CaseResult[]) => Promise<readonly string[]> = async () => [];
    const running: (() => Promise<void>)[] = [];
    beforeAll(async () => {
      const sandbox = await openTestSandbox(options.sandbox);
      running.push(sandbox.stop);
      const { adminUrl } = sandbox.description;
      redact = redactor(secretsOf(sandbox.description, seed, ids, options.secrets));
      const basics = { adminUrl, seed, timeoutMs, replay: replayOf(seed) };
      const staged = await stage(sandbox.description, basics, (end) => running.push(end));
      for (const notice of staged.notices) console.warn(redact(notice));
      news = async (verdicts) =>
        newsOfRun(role, verdicts, role === "seller" ? await openAdmin(adminUrl).exchanges() : []);
      suite = await openSuite(staged.setup, { longest: caseTimeout(timeoutMs) });
    }, startTimeout);
    afterAll(async () => {
      for (const notice of await news(verdicts)) console.warn(redact(notice));
      for (const stop of running.reverse()) await stop();
    }, startTimeout);
    const verdicts = registerCases({
      plan,
      auditId,
      suite: () => suite,
      redact: (verdict) => redactedCase(verdict, redact),
      describe: (verdict) => stripVTControlCharacters(verdictLines(verdict)),
      timeout: caseTimeout(timeoutMs),
    });
  });
}

/** The command that repeats one case of the file at hand. */
function replayOf(seed: string): string {
  const file = expect.getState().testPath ?? "";
  const shown = file.startsWith(process.cwd()) ? file.slice(process.cwd().length + 1) : file;
  return `X402_ASSAY_SEED=${seed} npx vitest run ${shown} -t '{case}'`;
}
