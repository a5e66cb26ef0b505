import { Finding } from "../../engine/index.ts";
import type { Observed } from "../../engine/seller/index.ts";

type Answer = Observed["answer"];

/** Headers that any server may set on one answer and not on another. */
const harmless = [
  "connection",
  "content-length",
  "content-type",
  "date",
  "etag",
  "keep-alive",
  "last-modified",
  "server",
  "transfer-encoding",
  "vary",
  "cache-control",
  "payment-response",
  "payment-required",
  "x-payment-response",
  "x-powered-by",
];

/** Names of the headers that the paid handler sets: those of a paid answer that an unpaid one lacks. */
export function handlerHeaders(unpaid: Answer, sold: Answer): string[] {
  const everyday = new Set([...Object.keys(unpaid.headers), ...harmless]);
  return Object.keys(sold.headers).filter((name) => !everyday.has(name));
}

/** @throws Finding when `answer` has any of these headers */
export function requireNoneOf(names: readonly string[], answer: Answer): void {
  const leaked = names.filter((name) => name in answer.headers);
  if (leaked.length === 0) return;
  throw new Finding("Headers of the paid answer leaked.", "none of the handler's headers", leaked.join(", "));
}
