import { type Command, Option } from "commander";
import type { ReportOrder } from "../report/index.ts";
import type { ProtocolId, RuleSet } from "../requirements/index.ts";
import { atomic, httpUrl, milliseconds, positive, seed, several, shard } from "./options.ts";
import { reportOption } from "./report-order.ts";

/** Flags that every run takes, whatever it judges. */
export interface SharedFlags {
  sandbox?: string;
  config?: string;
  only?: string[];
  skip?: string[];
  level?: "must" | "should" | "all";
  protocol?: ProtocolId;
  set?: RuleSet;
  seed?: string;
  workers?: number;
  shard?: { index: number; count: number };
  timeout?: number;
  budget?: string;
  baseline?: string;
  report?: ReportOrder[];
}

/** Flags of whatever meets a program in a sandbox. */
export function withMeetingFlags(command: Command): Command {
  return command
    .option("--sandbox <url>", "admin URL of a running sandbox; without it the run starts its own", httpUrl)
    .option("--config <file>", "configuration; x402-assay.config.ts, .mts, .js, .mjs or .json without it")
    .addOption(
      new Option(
        "--protocol <protocol>",
        "version that the program must speak; without it a client whichever it speaks, a seller x402@2, and x402@1 is judged where it offers that, too",
      ).choices(["x402@2", "x402@1"] satisfies ProtocolId[]),
    )
    .option("--timeout <ms>", "longest that one request, or one errand of a client, may take", milliseconds);
}

/** Flags of a run of many cases. */
export function withSharedFlags(command: Command): Command {
  return withRunFlags(command)
    .option("--only <glob>", "only cases whose id matches; may be given several times", several)
    .option("--skip <glob>", "leave out cases whose id matches; may be given several times", several)
    .addOption(new Option("--level <level>", "weakest level to judge").choices(["must", "should", "all"]))
    .option("--shard <i/n>", "run the I-th of N parts", shard);
}

/** Flags of every run, whatever cases it is about. */
export function withRunFlags(command: Command): Command {
  return withMeetingFlags(command)
    .addOption(
      new Option("--set <set>", "count only the rules of this frozen set; all rules without it").choices([
        "x402@2",
        "x402@1",
      ] satisfies RuleSet[]),
    )
    .option("--seed <seed>", "seed of payers and choices; random without it", seed)
    .option("--workers <n>", "cases in flight at once (16 unless told)", positive)
    .option(
      "--budget <atomic>",
      "refuse to sign for more than this in the whole run, in atomic units",
      atomic,
    )
    .option(
      "--baseline <file>",
      "failures that are known: they do not count, and what is not true any more does",
    )
    .addOption(reportOption());
}

/** Flags by their name in camel case. */
export type FlagValues = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** The command line that repeats one case: what names the subject stays as it was given. */
export function replayCommandLine(
  subjectFlags: FlagValues,
  { sandbox, config, protocol, set, timeout }: SharedFlags,
  seed: string,
): string {
  const kept: typeof subjectFlags = { ...subjectFlags, sandbox, config, protocol, set, timeout };
  const words = Object.entries(kept).flatMap(([key, value]) => {
    if (value === undefined || value === false) return [];
    if (value === true) return [flagName(key)];
    return [value].flat().flatMap((text) => [flagName(key), shellQuoted(String(text))]);
  });
  return ["npx x402-assay conformance replay {case} --seed", shellQuoted(seed), ...words].join(" ");
}

/** `alsoPaid` → `--also-paid` */
export function flagName(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function shellQuoted(text: string): string {
  return /^[\w./:@=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
