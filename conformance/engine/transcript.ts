import { decodeBase64Text, type NoAnswer, type WireAnswer, type WireRequest } from "../oracles/wire/index.ts";
import type { ExchangeRecord } from "./verdict.ts";

/** Most characters of a body or header that a record keeps. */
const longest = 600;

const secretHeaders = new Set(["authorization", "cookie", "set-cookie", "proxy-authorization", "x-api-key"]);
const paymentHeaders = new Set([
  "payment-required",
  "payment-signature",
  "payment-response",
  "x-payment",
  "x-payment-response",
]);

/** An exchange as a reader needs it: payment headers decoded, secrets taken out, long texts cut. */
export function recordOf(label: string, request: WireRequest, answer: WireAnswer | NoAnswer): ExchangeRecord {
  const requestLine = `${request.method} ${request.target}`;
  return {
    label,
    request: [requestLine, ...headerLines(request.headers), ...bodyLine(request.body)].join("\n"),
    answer:
      answer.kind === "answer"
        ? [`${answer.status}`, ...headerLines(answer.headers), ...bodyLine(answer.body)].join("\n")
        : `no answer: ${answer.why}`,
  };
}

function headerLines(headers: WireRequest["headers"]): string[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    (typeof value === "string" ? [value] : value).map((single) => `${name}: ${shown(name, single)}`),
  );
}

function shown(name: string, value: string): string {
  if (secretHeaders.has(name.toLowerCase())) return "(redacted)";
  if (!paymentHeaders.has(name.toLowerCase())) return cut(value);
  const decoded = decodeBase64Text(value);
  return decoded.kind === "text" ? cut(decoded.text, 2000) : cut(value);
}

function bodyLine(body: string | undefined): string[] {
  return body === undefined || body === "" ? [] : ["", cut(body)];
}

function cut(text: string, limit = longest): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}… (${text.length} characters)`;
}
