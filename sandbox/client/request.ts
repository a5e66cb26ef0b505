import { x402V2Headers } from "../protocol/index.ts";
import { PaymentError } from "./payment-error.ts";

/** What to buy: a URL for a plain GET, or the request in full. */
export type RequestToPay =
  | string
  | URL
  | {
      readonly url: string | URL;
      readonly method?: string | undefined;
      readonly headers?: ConstructorParameters<typeof Headers>[0];
      /** Anything `fetch` takes, except a stream: the body is sent twice. */
      readonly body?: RequestInit["body"] | undefined;
    };

/** A request held in memory, so that the paid one repeats the unpaid one byte for byte. */
export interface ReplayableRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ArrayBuffer | undefined;
}

/**
 * Encodes a request once: a form gets its boundary here, so both sendings share it.
 *
 * @throws PaymentError `request-invalid`, `request-not-replayable`; nothing was sent
 */
export async function replayable(request: RequestToPay): Promise<ReplayableRequest> {
  const { url, method, headers, body } =
    typeof request === "string" || request instanceof URL ? { url: request } : request;
  if (isStream(body)) throw notReplayable();
  const encoded = encode(String(url), {
    method: method ?? "GET",
    headers: headers ?? {},
    body: body ?? null,
  });
  return {
    url: encoded.url,
    method: encoded.method,
    headers: Object.fromEntries(encoded.headers),
    body: encoded.body === null ? undefined : await encoded.arrayBuffer(),
  };
}

function encode(url: string, init: RequestInit): Request {
  let request: Request;
  try {
    request = new Request(url, init);
  } catch (cause) {
    throw invalid(cause instanceof Error ? cause.message : "not a request that fetch can send", cause);
  }
  if (!/^https?:/.test(request.url)) throw invalid(`${request.url} is not an http or https URL`);
  if (request.headers.has(x402V2Headers.payment))
    throw invalid(`it already carries ${x402V2Headers.payment}`);
  return request;
}

function isStream(body: unknown): boolean {
  return typeof body === "object" && body !== null && Symbol.asyncIterator in body;
}

function invalid(complaint: string, cause?: unknown): PaymentError {
  return new PaymentError("request-invalid", `The request cannot be sent: ${complaint}.`, {
    moneyMoved: "no",
    next: "Correct the request's URL, method, headers or body.",
    cause,
  });
}

function notReplayable(): PaymentError {
  return new PaymentError(
    "request-not-replayable",
    "The request's body is a stream, which cannot be sent twice.",
    {
      moneyMoved: "no",
      next: "Read the stream first and give its bytes as body: a string, ArrayBuffer, Blob, FormData or URLSearchParams.",
    },
  );
}
