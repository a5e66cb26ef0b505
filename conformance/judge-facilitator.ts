import { Problem, type SandboxDescription } from "#sandbox";
import type { FacilitatorRunSetup, FacilitatorSetup } from "./engine/facilitator/index.ts";
import { sendOverWire } from "./oracles/wire/index.ts";
import type { RunReport } from "./report/index.ts";
import { type RunOptions, runSuite } from "./run-suite.ts";
import {
  type FacilitatorSubject,
  facilitatorAt,
  freePort,
  startFacilitatorCommand,
  startReferenceFacilitator,
} from "./subjects/index.ts";
import { facilitatorSuite } from "./suites.ts";

/** Which facilitator to judge; without `url`, the reference facilitator. */
export interface FacilitatorTarget {
  /** Its base URL; `{port}` stands for the port that `start` is given. */
  readonly url?: string | undefined;
  readonly start?: string | undefined;
  readonly ready?: string | undefined;
  /** Headers of every request, names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How long a facilitator that is started may take to get ready, in milliseconds. */
  readonly readyTimeoutMs?: number | undefined;
}

/** A run of the facilitator suite. */
export interface FacilitatorRunOptions extends RunOptions {
  readonly target: FacilitatorTarget;
}

/**
 * Judges a facilitator: brings up a sandbox and the subject, runs the cases, ends both, and gives the report.
 *
 * @throws Problem when the sandbox or the subject cannot be reached, or nothing is left to run; the signal's reason
 */
export function judgeFacilitator({ target, ...options }: FacilitatorRunOptions): Promise<RunReport> {
  return runSuite<FacilitatorRunSetup>(facilitatorSuite, options, async (sandbox, basics) => {
    const subject = await stageFacilitator(target, sandbox, options.signal);
    return {
      setup: { ...basics, role: "facilitator", subject: subject.setup },
      firstLook: () => firstLook(subject.setup, sandbox, options.timeoutMs),
      stop: () => subject.stop(),
    };
  });
}

/**
 * Starts the facilitator, or reaches the one that runs; without a URL, the reference facilitator.
 *
 * @throws Problem `subject-not-ready`, `port-in-use`; the signal's reason
 */
export async function stageFacilitator(
  { url, start, ready, readyTimeoutMs, headers }: FacilitatorTarget,
  sandbox: SandboxDescription,
  signal?: AbortSignal,
): Promise<FacilitatorSubject> {
  if (url === undefined) return startReferenceFacilitator(sandbox);
  const port = await freePort();
  const atPort = (text: string) => text.replaceAll("{port}", String(port)).replace(/\/$/, "");
  if (start === undefined) return facilitatorAt(atPort(url), headers);
  const readyUrl = ready === undefined ? undefined : atPort(ready);
  return startFacilitatorCommand(
    { command: start, url: atPort(url), port, headers, readyUrl, readyTimeoutMs, signal },
    sandbox,
  );
}

/** Tells what makes nearly every case fail for one reason: that it settles on another chain. */
async function firstLook(
  { url, headers = {} }: FacilitatorSetup,
  { network, faultyRpcUrl }: SandboxDescription,
  timeoutMs: number,
): Promise<readonly string[]> {
  const { origin, pathname } = new URL(url);
  const target = `${pathname.replace(/\/$/, "")}/supported`;
  const answer = await sendOverWire({ method: "GET", origin, target, headers }, timeoutMs);
  if (answer.kind === "no-answer") {
    throw new Problem(
      "subject-unreachable",
      `No HTTP answer to GET ${origin}${target}: ${answer.why}.`,
      "Start the facilitator first, or let the suite start it with --start.",
    );
  }
  if (answer.body.includes(network) || answer.body.includes("eip155:*")) return [];
  return [
    `GET ${origin}${target} does not list ${network}, the sandbox's network. Let the facilitator settle on the chain at ${faultyRpcUrl}; with --start it finds it as RPC_URL.`,
  ];
}
