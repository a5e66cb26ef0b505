import { randomBytes } from "node:crypto";
import { type Config, loadConfig } from "../config/index.ts";
import type { RunReport } from "../report/index.ts";
import type { RunOptions } from "../run-suite.ts";
import { interruption } from "./interruption.ts";
import { output, print } from "./output.ts";
import { requireWritable } from "./report-order.ts";
import { type FlagValues, replayCommandLine, type SharedFlags } from "./shared-flags.ts";

/** What is particular to a run: its subject. */
export interface RunOrder {
  /** The flags that name the subject, for the command that repeats a case. */
  readonly subjectFlags: FlagValues;
  /** The only cases to run, whatever the configuration chooses. */
  readonly only?: string[];
  readonly judge: (options: RunOptions, config: Config) => Promise<RunReport>;
}

/** Runs a suite as flags and config say, prints verdicts as they come, writes reports and sets the exit code. */
export async function runAndReport(
  flags: SharedFlags,
  { subjectFlags, only, judge }: RunOrder,
): Promise<void> {
  const signal = interruption();
  const config = await loadConfig(flags.config, { signal });
  const reports = flags.report ?? config.report ?? [];
  await requireWritable(reports);
  const baselineFile = flags.baseline ?? config.baseline;
  const { emptyBaseline, heldAgainst, loadBaseline, today, withKnown } = await import("../baseline/index.ts");
  const baseline = baselineFile === undefined ? emptyBaseline : await loadBaseline(baselineFile);
  const seed = flags.seed ?? config.seed ?? randomBytes(4).toString("hex");
  const { openRunConsole, summaryLines, writeReports } = await import("../report/index.ts");
  const runConsole = openRunConsole(output);
  const options: RunOptions = {
    selection: {
      ...(only === undefined ? chosenBy(flags, config) : { only }),
      ...given("protocol", flags.protocol ?? config.protocol),
      ...given("set", flags.set ?? config.set),
    },
    seed,
    timeoutMs: flags.timeout ?? config.timeout ?? 15_000,
    workers: flags.workers ?? config.workers,
    budget: flags.budget ?? config.budget,
    sandboxUrl: flags.sandbox ?? config.sandbox,
    replay: replayCommandLine(subjectFlags, flags, seed),
    signal,
    onNotice: runConsole.notice,
    onPlan: runConsole.plan,
    onVerdict: (verdict) => {
      // What an interrupted run still finds out says nothing about the subject.
      if (!signal.aborted) runConsole.verdict(withKnown(verdict, baseline, today()));
    },
  };
  const found = await judge(options, config).finally(runConsole.end);
  const report =
    baselineFile === undefined
      ? found
      : heldAgainst(found, { file: baselineFile, baseline, cases: await allCases() }, today());
  process.exitCode = report.exitCode;
  print(summaryLines(report, await writeReports(report, reports)));
}

function chosenBy(flags: SharedFlags, config: Config): RunOptions["selection"] {
  return {
    ...given("only", flags.only ?? config.only),
    ...given("skip", flags.skip ?? config.skip),
    ...given("level", flags.level ?? config.level),
    ...given("shard", flags.shard),
  };
}

/** A baseline may name cases of other suites, and of other parts of this one. */
async function allCases(): Promise<ReadonlySet<string>> {
  const { caseOrder } = await import("../suites.ts");
  return new Set(caseOrder());
}

function given<K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]: V });
}
