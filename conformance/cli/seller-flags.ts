import type { Command } from "commander";
import { Problem } from "#sandbox";
import { type Config, parseHeader, parseRequest, resolveHeaders } from "../config/index.ts";
import { isJsonObject, parseJson } from "../oracles/wire/index.ts";
import type { SellerTarget } from "../stage-seller.ts";
import { httpUrl, milliseconds, several, shellCommand } from "./options.ts";
import { flagName, type SharedFlags } from "./shared-flags.ts";
import { requireStart } from "./started.ts";

/** Flags that say which seller is judged. */
export interface SellerFlags extends SharedFlags {
  url?: string;
  start?: string;
  ready?: string;
  readyTimeout?: number;
  tool?: string;
  method?: string;
  data?: string;
  dynamicPrices?: boolean;
  header?: string[];
  invalid?: string;
  free?: string;
  failing?: string[];
  alsoPaid?: string;
  identified?: string;
  streaming?: string;
  permit2?: string;
  upto?: string[];
}

/** Lets a command take what says which seller is meant. */
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
      shellCommand,
    )
    .option("--ready <url>", "URL that answers when the seller is ready", httpUrl)
    .option("--ready-timeout <ms>", "longest that the seller may take to get ready", milliseconds)
    .option(
      "--tool <name>",
      "the seller is an MCP server at --url, and this tool of it costs money; --data has its arguments",
    )
    .option("--method <method>", "method of the paid request; GET without it")
    .option("--data <body>", "body of the paid request")
    .option("--dynamic-prices", "the price may change from one request to the next, and buyers are told so")
    .option(
      "--header <header>",
      "header of every request: 'NAME: VALUE', or 'NAME: $VARIABLE' from the environment; may be given several times",
      several,
    )
    .option("--invalid <request>", 'a paid request that must be refused as invalid: "METHOD /path [body]"')
    .option("--free <request>", "a request that costs nothing")
    .option(
      "--failing <request>",
      "a paid request whose handler fails after payment; may be given several times, e.g. one that throws and one that answers 404",
      several,
    )
    .option("--also-paid <request>", "another paid request")
    .option("--identified <request>", "a paid request that requires a payment identifier")
    .option("--streaming <request>", "a paid request whose answer is streamed")
    .option("--permit2 <request>", "a paid request that takes scheme exact by Permit2")
    .option(
      "--upto <request>",
      "a paid request that takes scheme upto; may be given several times, e.g. once more for one that is charged nothing",
      several,
    );
}

/** A seller as flags and configuration name it, flags first, and which texts of its headers must not be shown. */
export function sellerTarget(
  flags: SellerFlags,
  config: Config["seller"],
): { readonly target: SellerTarget; readonly secrets: readonly string[] } {
  const request = (key: RequestKey, flag: string) => {
    const text = flags[key] ?? config?.[key];
    return text === undefined ? {} : { [key]: parseRequest(text, flag) };
  };
  const list = (key: "failing" | "upto") => {
    const texts = [flags[key] ?? config?.[key] ?? []].flat();
    return texts.length === 0 ? {} : { [key]: texts.map((text) => parseRequest(text, `--${key}`)) };
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
  const { headers, secrets } = resolveHeaders(
    [config?.headers, ...(flags.header ?? []).map(parseHeader)],
    "seller.headers",
  );
  const target = {
    url,
    start: flags.start ?? config?.start,
    ready: flags.ready ?? config?.ready,
    readyTimeoutMs: flags.readyTimeout ?? config?.readyTimeout,
    tool: flags.tool ?? config?.tool,
    method: flags.method ?? config?.method,
    data: flags.data ?? config?.data,
    dynamicPrices: flags.dynamicPrices ?? config?.dynamicPrices,
    headers,
    requests: {
      ...request("invalid", "--invalid"),
      ...request("free", "--free"),
      ...list("failing"),
      ...request("alsoPaid", "--also-paid"),
      ...request("identified", "--identified"),
      ...request("streaming", "--streaming"),
      ...request("permit2", "--permit2"),
      ...list("upto"),
    },
  };
  requireStart(flags, target);
  requireToolCall(target);
  return { target, secrets };
}

/** A tool is called, with arguments that are a JSON object. */
function requireToolCall({ tool, method, data = "{}" }: SellerTarget): void {
  if (tool === undefined) return;
  if (method !== undefined)
    throw new Problem("usage", "A tool has no method.", "Leave out --method, or --tool.");
  if (isJsonObject(parseJson(data))) return;
  throw new Problem(
    "usage",
    `The arguments of the tool ${tool} are no JSON object: ${data}`,
    `Write them as --data '{"city":"Berlin"}'.`,
  );
}

/** The requests that a seller may be given beside the paid one. */
type RequestKey = "invalid" | "free" | "alsoPaid" | "identified" | "streaming" | "permit2";

/** Flags that say what the seller is. */
export const subjectFlags = [
  "url",
  "start",
  "ready",
  "readyTimeout",
  "tool",
  "method",
  "data",
  "dynamicPrices",
  "header",
  "invalid",
  "free",
  "failing",
  "alsoPaid",
  "identified",
  "streaming",
  "permit2",
  "upto",
] as const;
