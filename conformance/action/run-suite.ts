import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type RunReport, readReport } from "../report/index.ts";
import type { Role } from "../requirements/index.ts";
import { argumentsFor, reportFile } from "./flags.ts";
import type { Inputs } from "./inputs.ts";
import { stopCommands } from "./workflow-commands.ts";

/** What one suite came to. */
export interface SuiteRun {
  readonly suite: Role;
  readonly exitCode: number;
  /** Absent when it came to no run. */
  readonly report: RunReport | undefined;
  /** The report as Markdown. */
  readonly markdown: string | undefined;
}

const commandLine = fileURLToPath(new URL("../cli/main.ts", import.meta.url));

/** Runs one suite by the command line, with its output in the step's log and its reports in `directory`. */
export async function runSuite(suite: Role, inputs: Inputs, directory: string): Promise<SuiteRun> {
  const args = argumentsFor(suite, inputs, directory);
  const resumeCommands = stopCommands();
  const child = spawn(process.execPath, [commandLine, ...args], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const pass = (signal: NodeJS.Signals) => void child.kill(signal);
  process.on("SIGINT", pass).on("SIGTERM", pass);
  const [code] = await once(child, "exit");
  process.off("SIGINT", pass).off("SIGTERM", pass);
  resumeCommands();
  const exitCode = typeof code === "number" ? code : 4;
  const json = reportFile(directory, suite, "json");
  if (!existsSync(json)) return { suite, exitCode, report: undefined, markdown: undefined };
  const markdown = await readFile(reportFile(directory, suite, "md"), "utf8");
  return { suite, exitCode, report: await readReport(json), markdown };
}
