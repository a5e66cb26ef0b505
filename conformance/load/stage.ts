import { Problem, type SandboxDescription } from "#sandbox";
import { sandboxFor, type UsableSandbox } from "../sandbox-for.ts";
import { freePort, startCommand } from "../subjects/index.ts";
import type { PaidRequest } from "./agent.ts";

/** Which seller is loaded. Without `url`, the reference seller of the sandbox. */
export interface LoadTarget {
  /** A request that costs money; `{port}` stands for the port that `start` is given. */
  readonly url?: string | undefined;
  readonly start?: string | undefined;
  readonly ready?: string | undefined;
  readonly readyTimeoutMs?: number | undefined;
  readonly method?: string | undefined;
  readonly data?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A seller that is there, and the sandbox whose money it takes. */
export interface Stage {
  readonly subject: string;
  readonly request: PaidRequest;
  /** Absent when nothing is going to be paid. */
  readonly sandbox: SandboxDescription | undefined;
  stop(): Promise<void>;
}

/** How to set the stage. */
export interface StageOptions {
  readonly target: LoadTarget;
  readonly sandboxUrl?: string | undefined;
  readonly unpaid: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Where `x402-assay sandbox` has its admin API unless it is told otherwise. */
const usualSandbox = "http://127.0.0.1:4020";

/**
 * Brings up what the load needs: the sandbox that is named, one that runs at its usual place where the seller runs
 * already, or one of our own; and the seller, if it is to be started.
 *
 * @throws Problem `sandbox-unreachable`, `subject-not-ready`, `port-in-use`, or as `startSandbox`; the signal's reason
 */
export async function setStage({ target, sandboxUrl, unpaid, signal }: StageOptions): Promise<Stage> {
  const { url, start } = target;
  if (unpaid && url !== undefined && start === undefined)
    return { subject: url, request: requestOf(url, target), sandbox: undefined, stop: async () => {} };
  const runsAlready = url !== undefined && start === undefined && sandboxUrl === undefined;
  const sandbox = await (runsAlready
    ? usualSandboxFor(url)
    : sandboxFor(sandboxUrl, { signal, outlivesCtrlC: true }));
  try {
    return await stageIn(sandbox, target, signal);
  } catch (error) {
    await sandbox.stop();
    throw error;
  }
}

async function stageIn(
  { description: sandbox, stop }: UsableSandbox,
  target: LoadTarget,
  signal: AbortSignal | undefined,
): Promise<Stage> {
  const { url, start: command } = target;
  if (url === undefined) {
    const request = requestOf(`${sandbox.sellerUrl}/weather?city=Berlin`, target);
    return { subject: "reference seller", request, sandbox, stop };
  }
  if (command === undefined) return { subject: url, request: requestOf(url, target), sandbox, stop };
  const port = await freePort();
  const atPort = (text: string) => text.replaceAll("{port}", String(port));
  const request = requestOf(atPort(url), target);
  const { origin, pathname, search } = new URL(request.url);
  const paid = { method: request.method, target: `${pathname}${search}` };
  const readyUrl = atPort(target.ready ?? url);
  const seller = await startCommand(
    { command, readyUrl, readyTimeoutMs: target.readyTimeoutMs, origin, requests: { paid }, port, signal },
    sandbox,
  );
  const stopBoth = async () => {
    await seller.stop();
    await stop();
  };
  return { subject: url, request, sandbox, stop: stopBoth };
}

function requestOf(url: string, { data, method, headers = {} }: LoadTarget): PaidRequest {
  const usual = data === undefined ? "GET" : "POST";
  return { url, method: method ?? usual, headers, ...(data === undefined ? {} : { body: data }) };
}

/** A seller that runs already takes the money of some sandbox that runs already; one of our own would be of no use. */
async function usualSandboxFor(url: string): Promise<UsableSandbox> {
  try {
    return await sandboxFor(usualSandbox, {});
  } catch (cause) {
    throw new Problem(
      "sandbox-unreachable",
      `Nothing says which sandbox ${url} takes money of, and none runs at ${usualSandbox}.`,
      "Name it with --sandbox ADMIN_URL, let load start the seller with --start, or ask for prices only with --unpaid.",
      { cause },
    );
  }
}
