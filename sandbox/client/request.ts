import { createHash, randomUUID } from "node:crypto";
import { buyerDialects } from "./dialects.ts";
import { PaymentError } from "./payment-error.ts";

/** A request in full: what `fetch` takes, and a few things more. */
export interface FullRequest extends Omit<RequestInit, "method" | "headers" | "body" | "signal"> {
  readonly url: string | URL | Request;
  readonly method?: string | undefined;
  readonly headers?: RequestInit["headers"] | undefined;
  /** Anything `fetch` takes, except a stream: the body is sent twice. */
  readonly body?: RequestInit["body"] | undefined;
  /** A body to be sent as JSON, instead of `body`. */
  readonly json?: unknown;
  readonly signal?: AbortSignal | null | undefined;
  /**
   * Names the purchase: under one key one authorization is signed, ever. Without it the request's Idempotency-Key
   * header counts, else each call is a purchase of its own.
   */
  readonly idempotencyKey?: string | undefined;
}

/** What to buy: a URL for a plain GET, a Request, or the request in full. */
export type RequestToPay = string | URL | Request | FullRequest;

/** A request held in memory, so that the paid one repeats the unpaid one byte for byte. */
export interface ReplayableRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ArrayBuffer | undefined;
  /** Whatever else `fetch` was given. */
  readonly init: Readonly<RequestInit>;
  readonly signal: AbortSignal | undefined;
  readonly idempotencyKey: string;
  /** Digest of method, URL and body. */
  readonly fingerprint: string;
}

/**
 * Encodes a request once: a form gets its boundary here, so both sendings share it. The body of a `Request` object is
 * read into memory.
 *
 * @throws PaymentError `request-invalid`, `request-not-replayable`; nothing was sent
 */
export async function encode(toPay: RequestToPay): Promise<ReplayableRequest> {
  const full = inFull(toPay);
  const { url, json, idempotencyKey, signal, ...given } = full;
  const init = json === undefined ? given : withJson(given, json);
  if (isStream(init.body)) throw notReplayable();
  const { method, headers, body: _body, ...rest } = init;
  const encoded = construct(url, {
    ...(method === undefined ? {} : { method }),
    ...(headers === undefined ? {} : { headers }),
    ...(init.body === undefined ? {} : { body: init.body }),
  });
  const body = encoded.body === null ? undefined : await encoded.arrayBuffer();
  return {
    url: encoded.url,
    method: encoded.method,
    headers: Object.fromEntries(encoded.headers),
    body,
    init: url instanceof Request ? { redirect: url.redirect, ...rest } : rest,
    signal: signal ?? (url instanceof Request ? url.signal : undefined),
    idempotencyKey: idempotencyKey || encoded.headers.get("idempotency-key") || randomUUID(),
    fingerprint: fingerprint(encoded, body),
  };
}

function inFull(request: RequestToPay): FullRequest {
  const isTarget = typeof request === "string" || request instanceof URL || request instanceof Request;
  return isTarget ? { url: request } : request;
}

function withJson<T extends { readonly headers?: RequestInit["headers"] | undefined }>(
  init: T,
  json: unknown,
) {
  const headers = new Headers(init.headers);
  if (!headers.has("content-type")) headers.set("content-type", "application/json");
  return { method: "POST", ...init, headers, body: JSON.stringify(json) };
}

function construct(target: string | URL | Request, init: RequestInit): Request {
  let request: Request;
  try {
    request = new Request(target, init);
  } catch (cause) {
    throw invalid(cause instanceof Error ? cause.message : "not a request that fetch can send", cause);
  }
  if (!/^https?:/.test(request.url)) throw invalid(`${request.url} is not an http or https URL`);
  const payment = buyerDialects.find(({ paymentHeader }) => request.headers.has(paymentHeader));
  if (payment !== undefined) throw invalid(`it already carries ${payment.paymentHeader}`);
  return request;
}

function fingerprint({ method, url }: Request, body: ArrayBuffer | undefined): string {
  const hash = createHash("sha256").update(`${method} ${url}\n`);
  if (body !== undefined) hash.update(new Uint8Array(body));
  return hash.digest("hex");
}

function isStream(body: unknown): boolean {
  return typeof body === "object" && body !== null && Symbol.asyncIterator in body;
}

function invalid(complaint: string, cause?: unknown): PaymentError {
  return new PaymentError("request-invalid", `The request cannot be sent: ${complaint}.`, { cause });
}

function notReplayable(): PaymentError {
  return new PaymentError(
    "request-not-replayable",
    "The request's body is a stream, which cannot be sent twice.",
  );
}
