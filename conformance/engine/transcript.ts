import type { Transfer } from "#sandbox";
import type { NoAnswer, WireAnswer, WireRequest } from "../oracles/wire/index.ts";
import type { ExchangeRecord, RecordedHeader, TransferRecord } from "./evidence.ts";

/** Most characters of a body or header value that a record keeps. */
const longest = 16_000;

/** The present in Unix milliseconds, with fractions: exchanges on one machine take less than one. */
export function wallClock(): number {
  return performance.timeOrigin + performance.now();
}

/** An exchange that ends now, as evidence. What must not be told is taken out when the run is reported. */
export function recordOf(
  label: string,
  request: WireRequest,
  answer: WireAnswer | NoAnswer,
  startedAt: number,
): ExchangeRecord {
  const { method, origin, target, body } = request;
  return {
    label,
    startedAt: rounded(startedAt),
    durationMs: rounded(Math.max(0, wallClock() - startedAt)),
    request: {
      method,
      url: `${origin}${target}`,
      headers: headersOf(request),
      ...(body === undefined || body === "" ? {} : { body: cut(body) }),
    },
    answer:
      answer.kind === "answer"
        ? { kind: "answer", status: answer.status, headers: headersOf(answer), body: bodyOf(answer) }
        : { kind: "no-answer", why: answer.why },
  };
}

/** Transfers of one payer, as evidence. */
export function transferRecords(transfers: readonly Transfer[]): readonly TransferRecord[] {
  return transfers.map(({ to, value, transaction, block }) => ({
    to,
    value: String(value),
    transaction,
    block: String(block),
  }));
}

function headersOf({ headers }: Pick<WireRequest, "headers">): RecordedHeader[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    (typeof value === "string" ? [value] : value).map((single): RecordedHeader => [name, cut(single)]),
  );
}

/** To the microsecond. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

function bodyOf({ body, goesOn }: WireAnswer): string {
  return goesOn ? `${cut(body)}… (the stream goes on)` : cut(body);
}

function cut(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}… (${text.length} characters)`;
}
