import type { ExchangeRecord, RecordedHeader } from "../engine/index.ts";
import { decodeBase64Text, isPadded } from "../oracles/wire/index.ts";

/** Headers that hold base64 of JSON, which nobody can read as it is. */
const paymentHeaders = new Set([
  "payment-required",
  "payment-signature",
  "payment-response",
  "x-payment",
  "x-payment-response",
]);

/** An exchange as a person reads it: payment headers decoded, long texts cut. */
export interface ExchangeText {
  readonly request: string;
  readonly answer: string;
}

/**
 * Puts an exchange into words.
 *
 * @param longest most characters of a body or header value
 */
export function exchangeText({ request, answer }: ExchangeRecord, longest: number): ExchangeText {
  // Not as a URL: that would straighten out the very paths that some cases are about.
  const target = request.url.replace(/^https?:\/\/[^/?#]*/, "");
  return {
    request: message(`${request.method} ${target}`, request.headers, request.body, longest),
    answer:
      answer.kind === "answer"
        ? message(String(answer.status), answer.headers, answer.body, longest)
        : `no answer: ${answer.why}`,
  };
}

function message(
  firstLine: string,
  headers: readonly RecordedHeader[],
  body: string | undefined,
  longest: number,
): string {
  const lines = headers.map(([name, value]) => `${name}: ${cut(readable(name, value), longest)}`);
  const end = body === undefined || body === "" ? [] : ["", cut(body, longest)];
  return [firstLine, ...lines, ...end].join("\n");
}

function readable(name: string, value: string): string {
  if (!paymentHeaders.has(name.toLowerCase())) return value;
  const decoded = decodeBase64Text(value);
  if (decoded.kind !== "text") return value;
  return isPadded(value) ? decoded.text : `${decoded.text} (sent without base64 padding)`;
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}… (${text.length} characters)`;
}
