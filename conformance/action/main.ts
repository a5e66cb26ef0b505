/**
 * What the GitHub Action of action.yml runs: each chosen suite, then the step's summary, annotations and outputs. Reads
 * the action's inputs from its environment, `INPUT_…`; ends with 0, or with the command line's exit code when the step
 * is to fail.
 */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reportFile } from "./flags.ts";
import { type Inputs, readInputs } from "./inputs.ts";
import { isFailure, outcomeOf, worstOf } from "./outcome.ts";
import { runSuite, type SuiteRun } from "./run-suite.ts";
import { suitesToRun } from "./suites-to-run.ts";
import { addToSummary, annotate, setOutputs } from "./workflow-commands.ts";

/** GitHub shows no more annotations of a kind per step. */
const mostAnnotations = 10;

/** How loud each status is. */
const annotated = [
  ["fail", "error"],
  ["error", "error"],
  ["inconclusive", "warning"],
  ["warn", "warning"],
] as const;

try {
  process.exitCode = await judge(readInputs(process.env));
} catch (error) {
  annotate("error", "x402-assay", error instanceof Error ? error.message : String(error));
  await setOutputs({ outcome: "error", "exit-code": 2 });
  process.exitCode = 2;
}

async function judge(inputs: Inputs): Promise<number> {
  const directory = await mkdtemp(join(process.env.RUNNER_TEMP ?? tmpdir(), "x402-assay-"));
  const { run, leftOut } = suitesToRun(inputs);
  for (const suite of leftOut) console.log(`${suite} is left out: only names none of its cases.`);
  const runs: SuiteRun[] = [];
  for (const suite of run) runs.push(await runSuite(suite, inputs, directory));
  if (inputs.annotations) for (const each of runs) annotateRun(each);
  if (inputs.summary) {
    for (const each of runs) await addToSummary(each.markdown ?? withoutReport(each));
    for (const suite of leftOut)
      await addToSummary(`## ${suite}: left out\n\nThe input \`only\` names none of its cases.`);
  }
  const exitCode = worstOf(runs.map((each) => each.exitCode));
  await setOutputs({
    ...outputsOf(runs, exitCode),
    "report-directory": directory,
    ...filesOf(runs, directory),
  });
  return isFailure(exitCode, inputs.failOn) ? exitCode : 0;
}

function annotateRun({ suite, exitCode, report }: SuiteRun): void {
  if (report === undefined) {
    annotate("error", `x402-assay ${suite}`, `It came to no run (exit code ${exitCode}); the log says why.`);
    return;
  }
  for (const [status, level] of annotated) {
    const found = report.cases.filter((verdict) => verdict.status === status).slice(0, mostAnnotations);
    for (const { id, requirement, known, message = "", expected, actual, replay } of found) {
      const difference = expected === undefined ? "" : `\nExpected ${expected}, got ${actual}.`;
      const repeat = replay === undefined ? "" : `\nRepeat it: ${replay}`;
      const title = known === undefined ? `${status}: ${id}` : `known, ${known.reason}: ${id}`;
      const loudness = known === undefined ? level : "notice";
      annotate(loudness, title, `${requirement}: ${message}${difference}${repeat}`);
    }
  }
}

function withoutReport({ suite, exitCode }: SuiteRun): string {
  return `## ❓ ${suite}: no run\n\nx402-assay ended with exit code ${exitCode} before it judged anything; the log of the step says why.`;
}

function outputsOf(runs: readonly SuiteRun[], exitCode: number) {
  const count = (status: "pass" | "fail" | "inconclusive") =>
    runs.reduce((sum, { report }) => sum + (report?.totals[status] ?? 0), 0);
  return {
    outcome: outcomeOf(exitCode),
    "exit-code": exitCode,
    passed: count("pass"),
    failed: count("fail"),
    inconclusive: count("inconclusive"),
  };
}

/** Of several suites, one path per line. */
function filesOf(runs: readonly SuiteRun[], directory: string) {
  const paths = (format: "json" | "html") =>
    runs
      .filter(({ report }) => report !== undefined)
      .map(({ suite }) => reportFile(directory, suite, format))
      .join("\n");
  return { "report-json": paths("json"), "report-html": paths("html") };
}
