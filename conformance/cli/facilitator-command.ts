import { Command } from "commander";
import { Problem } from "#sandbox";
import { type Config, parseHeader, resolveHeaders } from "../config/index.ts";
import type { FacilitatorTarget } from "../judge-facilitator.ts";
import { httpUrl, milliseconds, several, shellCommand } from "./options.ts";
import { runAndReport } from "./run-and-report.ts";
import { type SharedFlags, withSharedFlags } from "./shared-flags.ts";
import { requireStart } from "./started.ts";

/** Flags that say which facilitator is judged. */
export interface FacilitatorFlags extends SharedFlags {
  url?: string;
  start?: string;
  ready?: string;
  readyTimeout?: number;
  header?: string[];
}

/** Keys of the flags that say what the facilitator is. */
export const facilitatorFlagKeys = ["url", "start", "ready", "readyTimeout", "header"] as const;

/** `conformance facilitator`: judges a program that verifies and settles. */
export function facilitatorCommand(): Command {
  return withSharedFlags(new Command("facilitator"))
    .option(
      "--url <url>",
      "base URL of the facilitator; {port} stands for the port that --start gets",
      httpUrl,
    )
    .option(
      "--start <command>",
      "start the facilitator with this command; it finds RPC_URL, FACILITATOR_PRIVATE_KEY and PORT in the environment",
      shellCommand,
    )
    .option("--ready <url>", "URL that answers when the facilitator is ready; /supported without it", httpUrl)
    .option("--ready-timeout <ms>", "longest that the facilitator may take to get ready", milliseconds)
    .option(
      "--header <header>",
      "header of every request: 'NAME: VALUE', or 'NAME: $VARIABLE' from the environment; may be given several times",
      several,
    )
    .description("judge a facilitator; without --url, the reference facilitator")
    .action((flags: FacilitatorFlags) => judgeFacilitatorBy(flags));
}

/** Judges the facilitator that the flags name; only `only` when it is given. */
export function judgeFacilitatorBy(flags: FacilitatorFlags, only?: string[]): Promise<void> {
  return runAndReport(flags, {
    subjectFlags: Object.fromEntries(facilitatorFlagKeys.map((key) => [key, flags[key]])),
    ...(only === undefined ? {} : { only }),
    judge: async (options, config) => {
      const { judgeFacilitator } = await import("../judge-facilitator.ts");
      return judgeFacilitator({ ...options, ...facilitatorTarget(flags, config.facilitator) });
    },
  });
}

/** A facilitator as flags and configuration name it, and which texts of its headers must not be shown. */
export function facilitatorTarget(
  flags: FacilitatorFlags,
  config: Config["facilitator"],
): { readonly target: FacilitatorTarget; readonly secrets: readonly string[] } {
  const url = flags.url ?? config?.url;
  if (url === undefined && (flags.start ?? flags.ready) !== undefined) {
    throw new Problem(
      "usage",
      "A facilitator is started, but nothing says where it answers.",
      'Give --url, its base URL, e.g. --url "http://127.0.0.1:{port}".',
    );
  }
  const { headers, secrets } = resolveHeaders(
    [config?.headers, ...(flags.header ?? []).map(parseHeader)],
    "facilitator.headers",
  );
  const target = {
    url,
    start: flags.start ?? config?.start,
    ready: flags.ready ?? config?.ready,
    readyTimeoutMs: flags.readyTimeout ?? config?.readyTimeout,
    headers,
  };
  requireStart(flags, target);
  return { target, secrets };
}
