import type { Entry, Har, Header } from "har-format";
import type { CaseResult, ExchangeRecord, RecordedHeader } from "../engine/index.ts";
import type { RunReport } from "./run-report.ts";

/**
 * The exchanges of one case as an HTTP archive (HAR 1.2), which browsers' developer tools and proxies open.
 * `undefined` when it had none.
 */
export function har({ tool }: RunReport, verdict: CaseResult): Har | undefined {
  const { id, title, status, exchanges = [] } = verdict;
  const [first] = exchanges;
  if (first === undefined) return undefined;
  return {
    log: {
      version: "1.2",
      creator: { ...tool },
      pages: [
        {
          id,
          title: `${status}: ${title}`,
          startedDateTime: isoTime(first.startedAt),
          pageTimings: {},
        },
      ],
      entries: exchanges.map((exchange) => entryOf(id, exchange)),
    },
  };
}

function entryOf(pageref: string, { label, startedAt, durationMs, request, answer }: ExchangeRecord): Entry {
  const { method, url, headers, body } = request;
  return {
    pageref,
    startedDateTime: isoTime(startedAt),
    time: durationMs,
    request: {
      method,
      url,
      httpVersion: "HTTP/1.1",
      cookies: [],
      headers: headers.map(headerOf),
      queryString: queryOf(url),
      headersSize: -1,
      bodySize: body === undefined ? 0 : Buffer.byteLength(body),
      ...(body === undefined ? {} : { postData: { mimeType: typeOf(headers), text: body } }),
    },
    response: responseOf(answer),
    cache: {},
    timings: { send: 0, wait: durationMs, receive: 0 },
    comment: label,
  };
}

/** A connection that ended without an answer has status 0, as browsers write it. */
function responseOf(answer: ExchangeRecord["answer"]): Entry["response"] {
  const unsized = { cookies: [], httpVersion: "HTTP/1.1", headersSize: -1, redirectURL: "" } as const;
  if (answer.kind === "no-answer") {
    const content = { size: 0, mimeType: "x-unknown" };
    return {
      ...unsized,
      cookies: [],
      status: 0,
      statusText: "",
      headers: [],
      content,
      bodySize: -1,
      comment: answer.why,
    };
  }
  const { status, headers, body } = answer;
  const size = Buffer.byteLength(body);
  return {
    ...unsized,
    cookies: [],
    status,
    statusText: "",
    headers: headers.map(headerOf),
    content: { size, mimeType: typeOf(headers), text: body },
    redirectURL: headerValue(headers, "location") ?? "",
    bodySize: size,
  };
}

function headerOf([name, value]: RecordedHeader): Header {
  return { name, value };
}

function headerValue(headers: readonly RecordedHeader[], wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
}

function typeOf(headers: readonly RecordedHeader[]): string {
  return headerValue(headers, "content-type") ?? "x-unknown";
}

function queryOf(url: string): Header[] {
  return [...(URL.parse(url)?.searchParams ?? [])].map(([name, value]) => ({ name, value }));
}

function isoTime(unixMilliseconds: number): string {
  return new Date(unixMilliseconds).toISOString();
}
