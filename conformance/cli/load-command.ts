import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Command } from "commander";
import { Problem } from "#sandbox";
import type { LoadReport, Progress } from "../load/index.ts";
import { interruption } from "./interruption.ts";
import {
  count,
  duration,
  header,
  httpUrl,
  milliseconds,
  perSecond,
  positive,
  seed,
  shard,
  shellCommand,
} from "./options.ts";
import { progressPrinter } from "./progress.ts";
import { requireStart } from "./started.ts";

interface LoadFlags {
  duration: number;
  concurrency: number;
  agents: number;
  rate?: number;
  unpaid?: true;
  start?: string;
  ready?: string;
  readyTimeout?: number;
  sandbox?: string;
  method?: string;
  data?: string;
  header?: Record<string, string>;
  seed?: string;
  shard?: { index: number; count: number };
  timeout: number;
  repeats: number;
  grace: number;
  json?: true;
  quiet?: true;
}

/** `x402-assay load`: many paid loops at once against a seller, and the books held against the chain. */
export function loadCommand(): Command {
  return new Command("load")
    .description(
      "buy from a seller, many at once, and hold what it delivered against the chain; Ctrl-C ends it in order",
    )
    .argument("[url]", "a request of the seller that costs money; without it, the reference seller", httpUrl)
    .option("--duration <time>", "how long, e.g. 500ms, 10s, 5m", duration, 10_000)
    .option("--concurrency <n>", "most purchases under way at once", positive, 32)
    .option("--agents <n>", "buyers, each with a payer of its own, who take turns", positive, 8)
    .option("--rate <n>", "purchases due per second, whether or not earlier ones are done", perSecond)
    .option("--unpaid", "only ask for prices")
    .option(
      "--start <command>",
      "start the seller with this command; {port} in the URL is the port that it gets",
      shellCommand,
    )
    .option("--ready <url>", "URL that answers when the seller is ready", httpUrl)
    .option("--ready-timeout <ms>", "longest that the seller may take to get ready", milliseconds)
    .option("--sandbox <url>", "admin URL of the sandbox whose money the seller takes", httpUrl)
    .option("--method <method>", "method of the request; GET without it, POST with --data")
    .option("--data <body>", "body of the request")
    .option("--header <header>", '"Name: value"; may be given several times', header)
    .option("--seed <seed>", "seed of the payers; random without it", seed)
    .option(
      "--shard <i/n>",
      "be worker I of N: with payers of its own, and results that `load merge` adds up",
      shard,
    )
    .option("--timeout <time>", "longest that one attempt of a purchase may take", duration, 30_000)
    .option(
      "--repeats <n>",
      "how often the same payment is presented again when its outcome is not known",
      count,
      0,
    )
    .option("--grace <time>", "longest that settlements are waited for at the end", duration, 5_000)
    .option("--json", "print one line of JSON at the end")
    .option("--quiet", "no progress")
    .action(load)
    .addCommand(mergeCommand());
}

function mergeCommand(): Command {
  return new Command("merge")
    .description("add up what several workers printed with --json")
    .argument("<file...>", "their output, one report a line")
    .option("--json", "print one line of JSON")
    .action(async (files: string[], { json }: { json?: true }, command: Command) => {
      const { mergeLoads, readLoadReports } = await import("../load/index.ts");
      const texts = await Promise.all(files.map(textOf));
      const reports = texts.flatMap((text, position) => readLoadReports(text, files[position] ?? ""));
      // `load` has a flag of this name, too, and takes it first.
      await tell(mergeLoads(reports), json ?? command.optsWithGlobals<LoadFlags>().json);
    });
}

async function load(url: string | undefined, flags: LoadFlags): Promise<void> {
  const signal = interruption();
  const { start, ready, readyTimeout, method, data, header: headers, json, quiet } = flags;
  if (start !== undefined && url === undefined) {
    throw new Problem(
      "usage",
      "A seller is started, but nothing says what it sells.",
      'Give the URL of a request that costs money, e.g. "http://127.0.0.1:{port}/weather".',
    );
  }
  requireStart(flags, { url, start });
  const { runLoad } = await import("../load/index.ts");
  const progress = progressPrinter<Progress>((await import("../load/index.ts")).progressLine);
  const report = await runLoad({
    target: { url, start, ready, readyTimeoutMs: readyTimeout, method, data, headers },
    sandboxUrl: flags.sandbox,
    durationMs: flags.duration,
    concurrency: flags.concurrency,
    agents: flags.agents,
    rate: flags.rate,
    unpaid: flags.unpaid === true,
    seed: flags.seed ?? randomBytes(4).toString("hex"),
    shard: flags.shard ?? { index: 1, count: 1 },
    timeoutMs: flags.timeout,
    repeats: flags.repeats,
    graceMs: flags.grace,
    signal,
    ...(quiet ? {} : { onProgress: progress.show }),
  });
  progress.clear();
  await tell(report, json);
  // Books that do not balance are worth more than the news that somebody pressed Ctrl-C.
  if (signal.aborted && process.exitCode !== 1) throw signal.reason;
}

async function tell(report: LoadReport, json: true | undefined): Promise<void> {
  const { loadExitCode, loadLines } = await import("../load/index.ts");
  console.log(json ? JSON.stringify(report) : loadLines(report));
  process.exitCode = loadExitCode(report);
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Problem("usage", `${file} cannot be read: ${reason}.`, "Name files that `load --json` wrote.", {
      cause,
    });
  }
}
