import * as http from "node:http";
import * as https from "node:https";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { explained } from "./broken-header.ts";

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
  /** The body is a stream that went on, and only its beginning was read. */
  readonly goesOn?: true;
}

/** Nothing came back: the connection failed, was closed, or time ran out. */
export interface NoAnswer {
  readonly kind: "no-answer";
  readonly why: string;
  readonly timedOut: boolean;
  /** Nobody listened: the request was not sent. */
  readonly refused?: true;
}

/** Largest head of an answer that is read, in bytes. */
const largestHeader = 256 * 1024;

/** Not much more than this is read of a body, in bytes; the rest says nothing new. */
const bodyLimit = 4 * 1024 * 1024;

/** Types of bodies that may go on for ever, and of which the beginning says all. */
const streamTypes =
  /^(text\/event-stream|multipart\/x-mixed-replace|(audio|video)\/)|ndjson|jsonl|json-seq|stream\+json/i;

/** How long a stream is read after its first byte, unless told, in milliseconds: most streams that end do so by then. */
const streamPatience = 3_000;

/** A connection that is kept open for several requests, one after the other. */
export type KeptConnection = http.Agent;

/** Keeps a connection to an origin open; whoever asks for it destroys it. */
export function keepConnection(origin: string): KeptConnection {
  const options = { keepAlive: true, maxSockets: 1 };
  return origin.startsWith("https:") ? new https.Agent(options) : new http.Agent(options);
}

/** How a request is sent. */
export interface Sending {
  readonly timeoutMs: number;
  /** How long a stream is read after its first byte; 3 s unless told. */
  readonly streamPatienceMs?: number | undefined;
  /** Called when the first byte of the answer's body arrives. */
  readonly onFirstByte?: (() => void) | undefined;
  /** Goes over this one instead of a connection of its own. */
  readonly connection?: KeptConnection | undefined;
  /** The connection is closed when this says so, whatever has come back. */
  readonly hangUp?: AbortSignal | undefined;
}

/**
 * Sends one request and reads the answer. Never throws. Connections are not shared unless it is asked for: what one
 * case does to its connection must not show in the answer of another.
 */
export function sendOverWire(
  request: WireRequest,
  { timeoutMs, streamPatienceMs = streamPatience, onFirstByte, connection, hangUp }: Sending,
): Promise<WireAnswer | NoAnswer> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = hangUp === undefined ? timeout : AbortSignal.any([timeout, hangUp]);
  return new Promise((resolve) => {
    let begun: number | undefined;
    const noAnswer = (error: unknown) => {
      if (hangUp?.aborted) return resolve({ kind: "no-answer", why: "the suite hung up", timedOut: false });
      const timedOut = timeout.aborted;
      const why = timedOut ? tooLate(timeoutMs, begun) : wordsOf(error);
      resolve({ kind: "no-answer", why, timedOut, ...(isRefused(error) ? { refused: true } : {}) });
    };
    try {
      const outgoing = openRequest(request, signal, connection);
      outgoing.on("response", (incoming) => {
        begun = incoming.statusCode;
        readAnswer(incoming, { signal, streamPatienceMs, onFirstByte }).then(resolve, noAnswer);
      });
      outgoing.on("error", (error) => {
        // Once the answer began, whoever reads it tells what becomes of it.
        if (begun === undefined) noAnswer(error);
      });
      outgoing.end(request.body);
    } catch (error) {
      noAnswer(error);
    }
  });
}

function openRequest(
  request: WireRequest,
  signal: AbortSignal,
  connection?: KeptConnection,
): http.ClientRequest {
  const { protocol, hostname, port } = new URL(request.origin);
  const options = {
    method: request.method,
    hostname,
    port,
    path: request.target,
    headers: outgoingHeaders(request),
    signal,
    agent: connection ?? false,
    // A seller's header may be too large for others; here it is judged, not refused.
    maxHeaderSize: largestHeader,
  };
  return protocol === "https:" ? https.request(options) : http.request(options);
}

function outgoingHeaders(request: WireRequest): http.OutgoingHttpHeaders {
  const headers: http.OutgoingHttpHeaders = { "accept-encoding": "identity" };
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] = typeof value === "string" ? value : [...value];
  }
  if (request.body !== undefined) headers["content-length"] = Buffer.byteLength(request.body);
  return headers;
}

async function readAnswer(
  incoming: http.IncomingMessage,
  reading: { signal: AbortSignal; streamPatienceMs: number; onFirstByte: (() => void) | undefined },
): Promise<WireAnswer> {
  const { signal, streamPatienceMs, onFirstByte } = reading;
  const isStream = streamTypes.test(incoming.headers["content-type"] ?? "");
  const chunks: Buffer[] = [];
  let size = 0;
  let patience: NodeJS.Timeout | undefined;
  let goesOn = false;
  try {
    for await (const chunk of incoming) {
      const bytes = Buffer.from(chunk);
      if (size === 0) {
        onFirstByte?.();
        if (isStream)
          patience = setTimeout(() => {
            goesOn = true;
            incoming.destroy();
          }, streamPatienceMs);
      }
      size += bytes.length;
      chunks.push(bytes);
      if (size > bodyLimit) break;
    }
  } catch (error) {
    goesOn ||= isStream && signal.aborted;
    if (!goesOn) throw error;
  } finally {
    clearTimeout(patience);
  }
  return {
    kind: "answer",
    status: incoming.statusCode ?? 0,
    headers: joinedHeaders(incoming.headers),
    body: plain(Buffer.concat(chunks), incoming.headers["content-encoding"]).toString("utf8"),
    ...(goesOn ? { goesOn } : {}),
  };
}

const decoders: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  gzip: gunzipSync,
  "x-gzip": gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/** The body as it was before it was compressed; as it came where it cannot be read. */
function plain(body: Buffer, encoding = "identity"): Buffer {
  try {
    return decoders[encoding.trim().toLowerCase()]?.(body) ?? body;
  } catch {
    return body;
  }
}

function joinedHeaders(headers: http.IncomingHttpHeaders): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) joined[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return joined;
}

/** `begun` is the status of an answer that began, and did not end. */
function tooLate(timeoutMs: number, begun: number | undefined): string {
  if (begun === undefined) return `no answer within ${timeoutMs} ms`;
  return `the answer began with status ${begun} and did not end within ${timeoutMs} ms (a stream without end needs a Content-Type that says so, e.g. text/event-stream)`;
}

function isRefused(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ECONNREFUSED";
}

function wordsOf(error: unknown): string {
  return explained(error instanceof Error ? error.message || error.name : String(error));
}
