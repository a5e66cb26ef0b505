import type { SandboxDescription } from "#sandbox";
import { type CaseFacts, judgedVersion } from "./engine/index.ts";
import type { ApiRequest, RunSetup, SellerRequests } from "./engine/seller/index.ts";
import type { RunReport } from "./report/index.ts";
import type { ProtocolId } from "./requirements/index.ts";
import { type RunOptions, runSuite } from "./run-suite.ts";
import {
  firstLook,
  freePort,
  type Subject,
  startCommand,
  startReference,
  subjectAt,
} from "./subjects/index.ts";
import { sellerSuite } from "./suites.ts";

/** Which seller to judge, as flags and config name it. Without `url`, the reference seller. */
export interface SellerTarget {
  /** Origin and requests of the seller; `{port}` in either stands for the port that `start` is given. */
  readonly url?: string | undefined;
  readonly start?: string | undefined;
  readonly ready?: string | undefined;
  /** How long a seller that is started may take to get ready, in milliseconds. */
  readonly readyTimeoutMs?: number | undefined;
  readonly requests?: Omit<SellerRequests, "paid">;
  readonly method?: string | undefined;
  readonly data?: string | undefined;
  /** Headers of every request, names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A run of the seller suite. */
export interface SellerRunOptions extends RunOptions {
  readonly target: SellerTarget;
}

/**
 * Judges a seller: brings up a sandbox and the subject, runs the cases, ends both, and gives the report.
 *
 * @throws Problem when the sandbox or the subject cannot be reached, or nothing is left to run; the signal's reason
 */
export function judgeSeller({ target, ...options }: SellerRunOptions): Promise<RunReport> {
  const protocol = judgedVersion(options.selection);
  return runSuite<RunSetup>(sellerSuite, options, async (sandbox, basics, plan) => {
    const subject = await subjectFor(target, sandbox, versionsOf(plan, protocol), options.signal);
    return {
      setup: { ...basics, role: "seller", protocol, subject: subject.setup },
      firstLook: () => firstLook(subject.setup, sandbox, protocol, options.timeoutMs),
      stop: () => subject.stop(),
    };
  });
}

/** The versions that the reference has to speak for a plan. */
function versionsOf(plan: readonly CaseFacts[], judgedIn: ProtocolId): readonly ProtocolId[] {
  const inV1 = judgedIn === "x402@1" || plan.some(({ protocol }) => protocol === "x402@1");
  return inV1 ? ["x402@2", "x402@1"] : ["x402@2"];
}

async function subjectFor(
  target: SellerTarget,
  sandbox: SandboxDescription,
  spoken: readonly ProtocolId[],
  signal?: AbortSignal,
): Promise<Subject> {
  if (target.url === undefined) return startReference(sandbox, "reference seller", { protocols: spoken });
  const port = await freePort();
  const atPort = (text: string) => text.replaceAll("{port}", String(port));
  const url = new URL(atPort(target.url));
  const requests = { paid: paidRequest(url, target), ...target.requests };
  const { headers = {} } = target;
  if (target.start === undefined) return subjectAt(url.origin, requests, headers);
  const { start: command, ready, readyTimeoutMs } = target;
  const readyUrl = ready === undefined ? url.href : atPort(ready);
  return startCommand(
    { command, readyUrl, readyTimeoutMs, origin: url.origin, requests, headers, port, signal },
    sandbox,
  );
}

function paidRequest(url: URL, { method = "GET", data }: SellerTarget): ApiRequest {
  return { method, target: `${url.pathname}${url.search}`, ...(data === undefined ? {} : { body: data }) };
}
