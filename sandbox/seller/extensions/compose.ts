import { isDeepStrictEqual } from "node:util";
import type { Extensions, SettleResponse } from "../../protocol/index.ts";
import type { Answer, PricedExchange } from "../exchange.ts";
import { paidIn } from "../protocols.ts";
import type { Payment } from "../steps/decode.ts";
import type { Admission, ExtensionEntry } from "./extension.ts";

/* How the extensions of a seller act together; the steps call these. */

/** What a challenge says of all extensions that are offered for a request; `undefined` when there is none. */
export async function declare(
  exchange: PricedExchange,
  offered = exchange.seller.extensions,
): Promise<Extensions | undefined> {
  const entries = offered.map(async (extension): Promise<[string, ExtensionEntry][]> => {
    const entry = extension.describe(exchange);
    if (entry === undefined) return [];
    const renewed = await extension.renew?.(exchange);
    return [[extension.key, { ...entry, info: { ...entry.info, ...renewed } }]];
  });
  return unlessEmpty((await Promise.all(entries)).flat());
}

/** An unpaid request comes in when one extension admits it. A proof that does not hold is refused. */
export async function admit(exchange: PricedExchange): Promise<Admission> {
  for (const extension of exchange.seller.extensions) {
    const admission = await extension.admit?.(exchange);
    if (admission !== undefined && admission.kind !== "not-asked") return admission;
  }
  return { kind: "not-asked" };
}

/** What a payment's echo changes or lacks of the `info` that it was sent, if anything (x402 v2 §5.1.2). */
export function echoDifference(exchange: PricedExchange, { payload }: Payment): string | undefined {
  const echoed = payload.extensions ?? {};
  return exchange.seller.extensions
    .filter(({ key }) => echoed[key] !== undefined)
    .map(({ key, describe }) =>
      difference(`extensions.${key}`, { info: describe(exchange)?.info }, echoed[key]),
    )
    .find((found) => found !== undefined);
}

/** Why the form of a payment does not do for an extension, if it does not. A payment in v1 has no place for any. */
export function examine(exchange: PricedExchange, payment: Payment): string | undefined {
  if (!paidIn(exchange)?.carriesExtensions) return undefined;
  return exchange.seller.extensions
    .map((extension) => extension.examine?.(exchange, payment))
    .find((found) => found !== undefined);
}

/** The sale, with every extension that stands around one; the first is the outermost. */
export function sellOnce(
  exchange: PricedExchange,
  payment: Payment,
  sell: () => Promise<Answer>,
): Promise<Answer> {
  const around = exchange.seller.extensions.reduceRight(
    (next, extension) => () => extension.sellOnce?.(exchange, payment, next) ?? next(),
    sell,
  );
  return around();
}

/** The receipt of a settled sale with what the extensions add to it. */
export async function enrich(exchange: PricedExchange, receipt: SettleResponse): Promise<SettleResponse> {
  const entries = exchange.seller.extensions.map(async ({ key, settled }): Promise<[string, unknown][]> => {
    const entry = await settled?.(exchange, receipt);
    return entry === undefined ? [] : [[key, entry]];
  });
  const own = unlessEmpty((await Promise.all(entries)).flat());
  return own === undefined ? receipt : { ...receipt, extensions: { ...receipt.extensions, ...own } };
}

/** The first place where `found` lacks something of `wanted` or has something else; what it has beside it is its own. */
function difference(path: string, wanted: unknown, found: unknown): string | undefined {
  if (!isObject(wanted)) return isDeepStrictEqual(wanted, found) ? undefined : path;
  if (!isObject(found)) return path;
  return Object.entries(wanted)
    .map(([name, value]) => difference(`${path}.${name}`, value, found[name]))
    .find((place) => place !== undefined);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unlessEmpty(entries: readonly [string, unknown][]): Extensions | undefined {
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
