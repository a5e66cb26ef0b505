import type { SandboxDescription } from "#sandbox";
import type { ApiRequest, SellerRequests } from "./engine/seller/index.ts";
import type { ProtocolId } from "./requirements/index.ts";
import { freePort, type Subject, startCommand, startReference, subjectAt } from "./subjects/index.ts";

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
  /** The seller says that its prices may change from one request to the next. */
  readonly dynamicPrices?: boolean | undefined;
}

/**
 * Starts the seller, or reaches the one that runs; without a URL, the reference seller.
 *
 * @throws Problem `subject-not-ready`, `port-in-use`; the signal's reason
 */
export async function stageSeller(
  { dynamicPrices = false, ...target }: SellerTarget,
  sandbox: SandboxDescription,
  spoken: readonly ProtocolId[],
  signal?: AbortSignal,
): Promise<Subject> {
  const { setup, ...subject } = await reachSeller(target, sandbox, spoken, signal);
  return { ...subject, setup: { ...setup, dynamicPrices } };
}

async function reachSeller(
  target: SellerTarget,
  sandbox: SandboxDescription,
  spoken: readonly ProtocolId[],
  signal?: AbortSignal,
): Promise<Subject> {
  if (target.url === undefined) return startReference(sandbox, "reference seller", { protocols: spoken });
  const port = await freePort();
  const { origin, requests, headers, readyUrl } = locateSeller(target, target.url, port);
  if (target.start === undefined) return subjectAt(origin, requests, headers);
  const { start: command, readyTimeoutMs } = target;
  return startCommand(
    { command, readyUrl, readyTimeoutMs, origin, requests, headers, port, signal },
    sandbox,
  );
}

/** Where a seller answers when it is given `port`, and the requests to make of it. */
export function locateSeller(
  { ready, headers = {}, ...target }: SellerTarget,
  paidUrl: string,
  port: number,
) {
  const atPort = (text: string) => text.replaceAll("{port}", String(port));
  const url = new URL(atPort(paidUrl));
  const requests: SellerRequests = { paid: paidRequest(url, target), ...target.requests };
  return { origin: url.origin, requests, headers, readyUrl: atPort(ready ?? url.href) };
}

function paidRequest(url: URL, { method = "GET", data }: SellerTarget): ApiRequest {
  return { method, target: `${url.pathname}${url.search}`, ...(data === undefined ? {} : { body: data }) };
}
