import { Command } from "commander";
import { Problem } from "#sandbox";
import { type Config, parseRequest } from "../config/index.ts";
import type { SellerTarget } from "../run.ts";
import { httpUrl, milliseconds } from "./options.ts";
import { runAndReport } from "./run-and-report.ts";
import { flagName, type SharedFlags, withSharedFlags } from "./shared-flags.ts";

/** Flags that say which seller is judged. */
export interface SellerFlags extends SharedFlags {
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
  streaming?: string;
}

/** `conformance seller`: judges a program that sells. */
export function sellerCommand(): Command {
  return withSharedFlags(withSellerFlags(new Command("seller")))
    .description("judge a seller; without --url, the reference seller")
    .action((flags: SellerFlags) => judgeSellerBy(flags));
}

export function withSellerFlags(command: Command): Command {
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
    .option("--streaming <request>", "a paid request whose answer is streamed");
}

/** Judges the seller that the flags name; only `only` when it is given. */
export function judgeSellerBy(flags: SellerFlags, only?: string[]): Promise<void> {
  return runAndReport(flags, {
    subjectFlags: Object.fromEntries(subjectFlags.map((key) => [key, flags[key]])),
    ...(only === undefined ? {} : { only }),
    judge: async (options, config) => {
      const target = sellerTarget(flags, config.seller);
      const { judgeSeller } = await import("../run.ts");
      const { protocol } = flags;
      const selection = { ...options.selection, ...(protocol === undefined ? {} : { protocol }) };
      return judgeSeller({ ...options, selection, target });
    },
  });
}

function sellerTarget(flags: SellerFlags, config: Config["seller"]): SellerTarget {
  const request = (key: "invalid" | "free" | "failing" | "alsoPaid" | "streaming", flag: string) => {
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
      ...(config?.identified === undefined
        ? {}
        : { identified: parseRequest(config.identified, "seller.identified") }),
      ...request("streaming", "--streaming"),
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
  "streaming",
] as const;
