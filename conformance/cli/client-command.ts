import { Command } from "commander";
import { Problem } from "#sandbox";
import type { Config } from "../config/index.ts";
import type { ClientTarget } from "../judge-client.ts";
import { atomic, shellCommand } from "./options.ts";
import { runAndReport } from "./run-and-report.ts";
import { type SharedFlags, withSharedFlags } from "./shared-flags.ts";

/** Flags that say which client is judged. */
export interface ClientFlags extends SharedFlags {
  command?: string;
  module?: string;
  pull?: boolean;
  limit?: string;
}

/** Keys of the flags that say what the client is. */
export const clientFlagKeys = ["command", "module", "pull", "limit"] as const;

/** How long an errand waits for somebody to come unless told, in milliseconds: time to open a browser. */
const pullTimeout = 600_000;

/** `conformance client`: judges a program that pays. */
export function clientCommand(): Command {
  return withSharedFlags(withClientFlags(new Command("client")))
    .description("judge a client; without --command, --module or --pull, the reference client")
    .action((flags: ClientFlags) => judgeClientBy(flags));
}

export function withClientFlags(command: Command): Command {
  return command
    .option(
      "--command <command>",
      "run this once per errand: it fetches {url}, or X402_URL of its environment, and pays with PAYER_PRIVATE_KEY",
      shellCommand,
    )
    .option("--module <file>", "module whose default export makes a fetch that pays: (context) => fetch")
    .option(
      "--limit <atomic>",
      "the most that the client is set to pay for one request, in atomic units; it is tried then",
      atomic,
    )
    .option("--pull", "start nothing: list the addresses to fetch, and judge whoever comes");
}

/** Judges the client that the flags name; only `only` when it is given. */
export function judgeClientBy(flags: ClientFlags, only?: string[]): Promise<void> {
  return runAndReport(flags, {
    subjectFlags: Object.fromEntries(clientFlagKeys.map((key) => [key, flags[key]])),
    ...(only === undefined ? {} : { only }),
    judge: async (options, config) => {
      const { judgeClient } = await import("../judge-client.ts");
      const target = clientTarget(flags, config.client);
      const told = flags.timeout ?? config.timeout;
      const timeoutMs = told ?? (target !== undefined && "pull" in target ? pullTimeout : options.timeoutMs);
      return judgeClient({ ...options, timeoutMs, target, limit: flags.limit ?? config.client?.limit });
    },
  });
}

/** A client as flags and configuration name it. */
export function clientTarget(flags: ClientFlags, config: Config["client"]): ClientTarget | undefined {
  const named = isNamed(flags) ? flags : (config ?? {});
  const { command, module, pull } = named;
  const targets: ClientTarget[] = [
    ...(command === undefined ? [] : [{ command }]),
    ...(module === undefined ? [] : [{ module }]),
    ...(pull ? [{ pull: true } as const] : []),
  ];
  if (targets.length > 1) {
    throw new Problem(
      "usage",
      "More than one client is named.",
      "Give one of --command, --module and --pull.",
    );
  }
  return targets[0];
}

function isNamed({ command, module, pull }: ClientFlags): boolean {
  return command !== undefined || module !== undefined || pull === true;
}
