import { PaymentError } from "./payment-error.ts";
import type { ReplayableRequest } from "./request.ts";

/** How requests are sent. */
export interface Transport {
  readonly fetch: typeof fetch;
  /** Milliseconds to wait for an answer's head. */
  readonly timeouts: { readonly ask: number; readonly answer: number };
}

/**
 * Sends a request and waits at most `milliseconds` for the head of its answer; the body may take its time.
 *
 * @throws whatever `fetch` throws; a TimeoutError when time is up
 */
export async function sendWithin(
  milliseconds: number,
  transport: Transport,
  { url, method, headers, body, init, signal }: ReplayableRequest,
  overrides: RequestInit = {},
): Promise<Response> {
  const time = new AbortController();
  const timer = setTimeout(
    () => time.abort(new DOMException(`no answer within ${milliseconds} ms`, "TimeoutError")),
    milliseconds,
  );
  const signals = signal === undefined ? [time.signal] : [time.signal, signal];
  try {
    return await transport.fetch(url, {
      ...init,
      method,
      headers,
      body: body ?? null,
      ...overrides,
      signal: AbortSignal.any(signals),
    });
  } finally {
    clearTimeout(timer);
  }
}

/** Why a request got no answer, for a sentence. fetch hides the reason of a failed connection in `cause`. */
export function whyLost(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const { cause } = error;
  if (cause instanceof Error && "code" in cause) return ` (${String(cause.code)})`;
  return ` (${error.message})`;
}

/** The text of a body that is neither too large nor too slow nor broken off; else `undefined`. */
export async function textWithin(
  response: Response,
  { bytes, milliseconds }: { readonly bytes: number; readonly milliseconds: number },
): Promise<string | undefined> {
  const reader = response.body?.getReader();
  if (reader === undefined) return "";
  const timer = setTimeout(() => void reader.cancel().catch(() => undefined), milliseconds);
  const deadline = performance.now() + milliseconds;
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      size += part.value.byteLength;
      if (size > bytes) {
        void reader.cancel().catch(() => undefined);
        return undefined;
      }
      chunks.push(part.value);
    }
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
  return performance.now() >= deadline ? undefined : Buffer.concat(chunks).toString("utf8");
}

/** The failure of a request that was sent without a payment. */
export function unanswered(url: string, cause: unknown): PaymentError {
  return new PaymentError("network-error", `${url} did not answer${whyLost(cause)}.`, { cause });
}
