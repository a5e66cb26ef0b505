import type { SandboxDescription } from "#sandbox";
import type { ApiRequest, SellerRequests } from "./engine/seller/index.ts";
import type { ProtocolId } from "./requirements/index.ts";
import { freePort, type Subject, startCommand, startReference, subjectAt } from "./subjects/index.ts";
import { connectToolCaller, startMcpBridge } from "./subjects/mcp/index.ts";

/** Which seller to judge, as flags and config name it. Without `url`, the reference seller. */
export interface SellerTarget {
  /** Origin and requests of the seller; `{port}` in either stands for the port that `start` is given. */
  readonly url?: string | undefined;
  readonly start?: string | undefined;
  readonly ready?: string | undefined;
  /** How long a seller that is started may take to get ready, in milliseconds. */
  readonly readyTimeoutMs?: number | undefined;
  readonly requests?: Omit<SellerRequests, "paid">;
  /** The seller is an MCP server at `url`, and this tool of it is bought, with `data` as its arguments. */
  readonly tool?: string | undefined;
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
  const located = locateSeller(target, target.url, port);
  const subject = await reachProgram(target, located, port, sandbox, signal);
  return target.tool === undefined ? subject : overMcp(subject, target, located);
}

async function reachProgram(
  target: SellerTarget,
  { origin, requests, headers, readyUrl }: LocatedSeller,
  port: number,
  sandbox: SandboxDescription,
  signal?: AbortSignal,
): Promise<Subject> {
  if (target.start === undefined) return subjectAt(origin, requests, headers);
  const { start: command, readyTimeoutMs } = target;
  return startCommand(
    { command, readyUrl, readyTimeoutMs, origin, requests, headers, port, signal },
    sandbox,
  );
}

/** The same seller, of whose MCP server tools are bought. */
async function overMcp(
  subject: Subject,
  { start, tool }: SellerTarget,
  { url, headers, requests }: LocatedSeller,
): Promise<Subject> {
  try {
    const { origin, stop } = await startMcpBridge(await connectToolCaller(url, headers));
    const { endingsUrl } = subject.setup;
    const setup = { name: start ?? `${tool} at ${url}`, overMcp: true, origin, requests };
    return {
      ...subject,
      setup: endingsUrl === undefined ? setup : { ...setup, endingsUrl },
      async stop() {
        await stop();
        await subject.stop();
      },
    };
  } catch (error) {
    await subject.stop();
    throw error;
  }
}

type LocatedSeller = ReturnType<typeof locateSeller>;

/** Where a seller answers when it is given `port`, and the requests to make of it. */
export function locateSeller(
  { ready, headers = {}, ...target }: SellerTarget,
  paidUrl: string,
  port: number,
) {
  const atPort = (text: string) => text.replaceAll("{port}", String(port));
  const url = new URL(atPort(paidUrl));
  const requests: SellerRequests = { paid: paidRequest(url, target), ...target.requests };
  return { url: url.href, origin: url.origin, requests, headers, readyUrl: atPort(ready ?? url.href) };
}

function paidRequest(url: URL, { tool, method = "GET", data }: SellerTarget): ApiRequest {
  if (tool !== undefined)
    return { method: "POST", target: `/${encodeURIComponent(tool)}`, body: data ?? "{}" };
  return { method, target: `${url.pathname}${url.search}`, ...(data === undefined ? {} : { body: data }) };
}
