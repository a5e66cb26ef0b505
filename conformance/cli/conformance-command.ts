import { randomBytes } from "node:crypto";
import { Command, Option } from "commander";
import pc from "picocolors";
import { Problem } from "#sandbox";
import { type Config, loadConfig, parseRequest } from "../config/index.ts";
import type { ReportOrder } from "../report/index.ts";
import type { RuleSet } from "../requirements/index.ts";
import type { SellerTarget } from "../run.ts";
import { caseById, explainCommand, listCommand } from "./catalogue-commands.ts";
import { interruption } from "./interruption.ts";
import { httpUrl, milliseconds, positive, several, shard } from "./options.ts";
import { reportOrder, requireWritable } from "./report-order.ts";

interface SellerFlags {
  url?: string;
  start?: string;
  ready?: string;
  readyTimeout?: number;
  method?: string;
  data?: string;
  invalid?: string;
  free?: string;
  failing?: string;
  alsoPaid?: string;
  sandbox?: string;
  config?: string;
  only?: string[];
  skip?: string[];
  level?: "must" | "should" | "all";
  protocol: "x402@2";
  set?: RuleSet;
  seed?: string;
  workers?: number;
  shard?: { index: number; count: number };
  timeout?: number;
  report?: ReportOrder[];
}

/** `x402-assay conformance …`: judges a program, or tells about the cases. */
export function conformanceCommand(): Command {
  return new Command("conformance")
    .description("judge a program that speaks x402 on a real chain")
    .addCommand(sellerCommand())
    .addCommand(listCommand())
    .addCommand(explainCommand())
    .addCommand(replayCommand());
}

function sellerCommand(): Command {
  return withSellerFlags(new Command("seller"))
    .description("judge a seller; without --url, the reference seller")
    .action((flags: SellerFlags) => judge(flags, {}));
}

function replayCommand(): Command {
  return withSellerFlags(new Command("replay"))
    .description("run one case again, with the seed of the run in which it failed")
    .argument("<case>", "id of the case")
    .action(async (id: string, flags: SellerFlags) => {
      await caseById(id);
      await judge(flags, { only: [id] });
    });
}

function withSellerFlags(command: Command): Command {
  return command
    .option(
      "--url <url>",
      "a request of the seller that costs money; {port} stands for the port that --start gets",
      httpUrl,
    )
    .option(
      "--start <command>",
      "start the seller with this command; it finds its settings in the environment",
    )
    .option("--ready <url>", "URL that answers when the seller is ready", httpUrl)
    .option("--ready-timeout <ms>", "longest that the seller may take to get ready", milliseconds)
    .option("--method <method>", "method of the paid request; GET without it")
    .option("--data <body>", "body of the paid request")
    .option("--invalid <request>", 'a paid request that must be refused as invalid: "METHOD /path [body]"')
    .option("--free <request>", "a request that costs nothing")
    .option("--failing <request>", "a paid request whose handler fails after payment")
    .option("--also-paid <request>", "another paid request")
    .option("--sandbox <url>", "admin URL of a running sandbox; without it the run starts its own", httpUrl)
    .option("--config <file>", "configuration; x402-assay.config.ts, .js or .json without it")
    .option("--only <glob>", "only cases whose id matches; may be given several times", several)
    .option("--skip <glob>", "leave out cases whose id matches; may be given several times", several)
    .addOption(new Option("--level <level>", "weakest level to judge").choices(["must", "should", "all"]))
    .addOption(new Option("--protocol <protocol>", "protocol to judge").choices(["x402@2"]).default("x402@2"))
    .addOption(
      new Option("--set <set>", "count only the rules of this frozen set; all rules without it").choices([
        "x402@2",
        "x402@1",
      ] satisfies RuleSet[]),
    )
    .option("--seed <seed>", "seed of payers and choices; random without it")
    .option("--workers <n>", "cases in flight at once", positive)
    .option("--shard <i/n>", "run the I-th of N parts", shard)
    .option("--timeout <ms>", "longest that one request may take", milliseconds)
    .option("--report <format=file>", "write a report; may be given several times", reportOrder);
}

async function judge(flags: SellerFlags, fixed: { only?: string[] }): Promise<void> {
  const signal = interruption();
  const config = await loadConfig(flags.config);
  const target = sellerTarget(flags, config.seller);
  const reports = flags.report ?? config.report ?? [];
  await requireWritable(reports);
  const seed = flags.seed ?? config.seed ?? randomBytes(4).toString("hex");
  const { judgeSeller } = await import("../run.ts");
  const { summaryLines, verdictLines, writeReport } = await import("../report/index.ts");
  const report = await judgeSeller({
    target,
    selection: {
      ...given("only", fixed.only ?? flags.only ?? config.only),
      ...given("skip", flags.skip ?? config.skip),
      ...given("level", flags.level ?? config.level),
      ...given("set", flags.set),
      ...given("shard", flags.shard),
    },
    seed,
    timeoutMs: flags.timeout ?? config.timeout ?? 15_000,
    workers: flags.workers ?? config.workers,
    sandboxUrl: flags.sandbox ?? config.sandbox,
    replay: replayCommandLine(flags, seed),
    signal,
    onNotice: (sentence) => console.log(`${pc.yellow("note:")} ${sentence}\n`),
    onVerdict: (verdict) => {
      // What an interrupted run still finds out says nothing about the seller.
      if (!signal.aborted) console.log(verdictLines(verdict));
    },
  });
  console.log(summaryLines(report));
  process.exitCode = report.exitCode;
  for (const order of reports) await writeReport(report, order);
}

function sellerTarget(flags: SellerFlags, config: Config["seller"]): SellerTarget {
  const request = (key: "invalid" | "free" | "failing" | "alsoPaid", flag: string) => {
    const text = flags[key] ?? config?.[key];
    return text === undefined ? {} : { [key]: parseRequest(text, flag) };
  };
  const url = flags.url ?? config?.url;
  const orphan = url === undefined ? subjectFlags.find((key) => flags[key] !== undefined) : undefined;
  if (orphan !== undefined) {
    throw new Problem(
      "usage",
      `${flagName(orphan)} is about a seller of yours, but nothing says which.`,
      "Give --url, a request of it that costs money.",
    );
  }
  return {
    url,
    start: flags.start ?? config?.start,
    ready: flags.ready ?? config?.ready,
    readyTimeoutMs: flags.readyTimeout ?? config?.readyTimeout,
    method: flags.method ?? config?.method,
    data: flags.data ?? config?.data,
    requests: {
      ...request("invalid", "--invalid"),
      ...request("free", "--free"),
      ...request("failing", "--failing"),
      ...request("alsoPaid", "--also-paid"),
    },
  };
}

/** Flags that say what the seller is. */
const subjectFlags = [
  "url",
  "start",
  "ready",
  "readyTimeout",
  "method",
  "data",
  "invalid",
  "free",
  "failing",
  "alsoPaid",
] as const;

/** The command line that repeats one case of this run: what names the subject stays as it was given. */
function replayCommandLine(flags: SellerFlags, seed: string): string {
  const kept = [...subjectFlags, "sandbox", "config"] as const;
  const words = kept.flatMap((key) => {
    const value = flags[key];
    return value === undefined ? [] : [flagName(key), shellQuoted(String(value))];
  });
  return ["npx x402-assay conformance replay {case} --seed", shellQuoted(seed), ...words].join(" ");
}

function flagName(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function shellQuoted(text: string): string {
  return /^[\w./:@=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function given<K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]: V });
}
