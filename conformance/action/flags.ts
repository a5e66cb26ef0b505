import { existsSync } from "node:fs";
import { join } from "node:path";
import { configFileNames } from "../config/index.ts";
import type { Role } from "../requirements/index.ts";
import type { Inputs } from "./inputs.ts";

/** An input that becomes a flag of the same name. */
interface FlagInput {
  readonly name: string;
  /** The suites that take it; all unless told. */
  readonly suites?: readonly Role[];
  /** Whether each line of it is a value of its own. */
  readonly isList?: true;
  /** Whether it is `true` or `false`, and the flag has no value. */
  readonly isSwitch?: true;
}

const servers = ["seller", "facilitator"] as const;

/** Every input that is handed on as a flag. */
export const flagInputs: readonly FlagInput[] = [
  { name: "config" },
  { name: "sandbox" },
  { name: "url", suites: servers },
  { name: "start", suites: servers },
  { name: "ready", suites: servers },
  { name: "ready-timeout", suites: servers },
  { name: "header", suites: servers, isList: true },
  ...["tool", "method", "data", "invalid", "free", "also-paid", "identified", "streaming", "permit2"].map(
    (name) => ({ name, suites: ["seller"] }) as const,
  ),
  { name: "failing", suites: ["seller"], isList: true },
  { name: "upto", suites: ["seller"], isList: true },
  { name: "dynamic-prices", suites: ["seller"], isSwitch: true },
  ...["command", "module"].map((name) => ({ name, suites: ["client"] }) as const),
  { name: "protocol" },
  { name: "set" },
  { name: "level" },
  { name: "only", isList: true },
  { name: "skip", isList: true },
  { name: "seed" },
  { name: "workers" },
  { name: "timeout" },
  { name: "budget" },
  { name: "baseline" },
];

/** Inputs that say which program is judged. */
const subjectFlags = ["url", "start", "command", "module"].map((name) => `--${name}`);

/** What is written of each run, by format. */
const files = { json: "json", html: "html", junit: "junit.xml", md: "md" } as const;

/** Where a report of a suite is written. */
export function reportFile(directory: string, suite: Role, format: keyof typeof files): string {
  return join(directory, `${suite}.${files[format]}`);
}

/**
 * The command line that judges one suite's subject.
 *
 * @throws Error when an input could be about more than one subject, or none says which it is
 */
export function argumentsFor(suite: Role, { suites, flag }: Inputs, directory: string): string[] {
  const flags = flagInputs.flatMap(({ name, suites: takers = suites, isList, isSwitch }) => {
    const value = flag(name).trim();
    if (value === "" || !takers.includes(suite)) return [];
    if (takers !== suites && suites.filter((one) => takers.includes(one)).length > 1) {
      throw new Error(
        `${name} could be about any of the suites ${suites.join(", ")}: name their programs in a configuration file, or use the action once for each.`,
      );
    }
    if (isSwitch) return switchedBy(name, value);
    return (isList ? listOf(value) : [value]).flatMap((one) => [`--${name}`, one]);
  });
  const isConfigured = flags.includes("--config") || configFileNames.some((name) => existsSync(name));
  if (!isConfigured && !flags.some((one) => subjectFlags.includes(one))) {
    // The command line would judge the reference, and the step would be green about nothing.
    throw new Error(
      `Nothing says what the suite ${suite} is to judge: give ${suite === "client" ? "command or module" : "url, and start if it does not run yet"}, or put a configuration file into the working directory.`,
    );
  }
  const formats = ["json", "html", "junit", "md"] as const;
  const reports = formats.flatMap((format) => [
    "--report",
    `${format}=${reportFile(directory, suite, format)}`,
  ]);
  return ["conformance", suite, ...flags, ...reports];
}

/** The values of an input that has one per line. */
export function listOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function switchedBy(name: string, value: string): string[] {
  if (value === "true" || value === "false") return value === "true" ? [`--${name}`] : [];
  throw new Error(`${name} is ${JSON.stringify(value)}: expected true or false.`);
}
