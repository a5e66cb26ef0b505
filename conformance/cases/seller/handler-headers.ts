import { Finding } from "../../engine/index.ts";
import {
  charged,
  type Observed,
  type PermitMethod,
  provided,
  settled,
  type Trader,
} from "../../engine/seller/index.ts";

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

/** Names of the headers that the paid handler sets: those of a paid answer that no answer without its work has. */
export async function handlerHeaders(t: Trader, request = t.paid): Promise<string[]> {
  const unpaid = await t.ask(request).done();
  const refused = await t.buy({ signedByStranger: true }, request).done();
  const sold = await t
    .buy({}, request)
    .expect(provided(settled(1)))
    .done();
  return namesIn(sold, [unpaid, refused]);
}

/** The same of what is paid by Permit2. */
export async function handlerHeadersByPermit(t: Trader, method: PermitMethod): Promise<string[]> {
  const unpaid = await t.ask(await t.permitRequest(method)).done();
  const refused = await t.buyByPermit(method, { signedByStranger: true }).done();
  const sold = await t.buyByPermit(method).expect(provided(charged)).done();
  return namesIn(sold, [unpaid, refused]);
}

function namesIn(sold: Observed, others: readonly Observed[]): string[] {
  const withoutWork = others
    .filter(({ answer }) => answer.status >= 400)
    .flatMap(({ answer }) => Object.keys(answer.headers));
  const everyday = new Set([...withoutWork, ...harmless]);
  return Object.keys(sold.answer.headers).filter((name) => !everyday.has(name));
}

/** @throws Finding when `answer` has any of these headers */
export function requireNoneOf(names: readonly string[], answer: Answer): void {
  const leaked = names.filter((name) => name in answer.headers);
  if (leaked.length === 0) return;
  throw new Finding("Headers of the paid answer leaked.", "none of the handler's headers", leaked.join(", "));
}
