import * as http from "node:http";
import * as https from "node:https";

/** A request as it goes over the wire; `target` is sent as it is, so that path variants arrive unnormalized. */
export interface WireRequest {
  readonly method: string;
  /** `http://127.0.0.1:4021` */
  readonly origin: string;
  /** Path and query, e.g. `/weather?city=Berlin`. */
  readonly target: string;
  /** A header with several values is sent several times. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

/** What came back. Header names are lower case; a header sent several times is joined as Node joins it. */
export interface WireAnswer {
  readonly kind: "answer";
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Nothing came back: the connection failed, was closed, or time ran out. */
export interface NoAnswer {
  readonly kind: "no-answer";
  readonly why: string;
  readonly timedOut: boolean;
}

/** Largest head of an answer that is read, in bytes. */
const largestHeader = 256 * 1024;

/** At most this much of a body is read, in bytes. */
const bodyLimit = 4 * 1024 * 1024;

/**
 * Sends one request over a connection of its own and reads the answer. Never throws. Connections are not shared: what
 * one case does to its connection must not show in the answer of another.
 *
 * @param onFirstByte called when the first byte of the answer's body arrives
 */
export function sendOverWire(
  request: WireRequest,
  timeoutMs: number,
  onFirstByte?: () => void,
): Promise<WireAnswer | NoAnswer> {
  return new Promise((resolve) => {
    const noAnswer = (error: unknown) => resolve({ kind: "no-answer", ...reasonOf(error, timeoutMs) });
    try {
      const outgoing = openRequest(request, AbortSignal.timeout(timeoutMs));
      outgoing.on("response", (incoming) => {
        readAnswer(incoming, onFirstByte).then(resolve, noAnswer);
      });
      outgoing.on("error", noAnswer);
      outgoing.end(request.body);
    } catch (error) {
      noAnswer(error);
    }
  });
}

function openRequest(request: WireRequest, signal: AbortSignal): http.ClientRequest {
  const { protocol, hostname, port } = new URL(request.origin);
  const options = {
    method: request.method,
    hostname,
    port,
    path: request.target,
    headers: outgoingHeaders(request),
    signal,
    agent: false,
    // A seller's header may be too large for others; here it is judged, not refused.
    maxHeaderSize: largestHeader,
  };
  return protocol === "https:" ? https.request(options) : http.request(options);
}

function outgoingHeaders(request: WireRequest): http.OutgoingHttpHeaders {
  const headers: http.OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] = typeof value === "string" ? value : [...value];
  }
  if (request.body !== undefined) headers["content-length"] = Buffer.byteLength(request.body);
  return headers;
}

async function readAnswer(incoming: http.IncomingMessage, onFirstByte?: () => void): Promise<WireAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    const bytes = Buffer.from(chunk);
    if (size === 0) onFirstByte?.();
    size += bytes.length;
    if (size > bodyLimit) throw new Error(`the body is larger than ${bodyLimit} bytes`);
    chunks.push(bytes);
  }
  return {
    kind: "answer",
    status: incoming.statusCode ?? 0,
    headers: joinedHeaders(incoming.headers),
    body: Buffer.concat(chunks).toString("utf8"),
  };
}

function joinedHeaders(headers: http.IncomingHttpHeaders): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) joined[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return joined;
}

function reasonOf(error: unknown, timeoutMs: number): Pick<NoAnswer, "why" | "timedOut"> {
  const timedOut = error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError");
  if (timedOut) return { why: `no answer within ${timeoutMs} ms`, timedOut };
  return { why: error instanceof Error ? error.message || error.name : String(error), timedOut };
}
