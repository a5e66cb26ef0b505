import { acceptsEntries, describeJson, Finding, field, Unproven } from "../../engine/index.ts";
import type { Observed, Trader } from "../../engine/seller/index.ts";

/** What a seller asks for, each in one line for comparison. */
export interface AskedTerms {
  readonly amounts: string;
  readonly others: string;
}

/** The terms of an answer's challenge; without a readable one nothing can be said. */
export function askedTerms({ answer, dialect }: Observed): AskedTerms {
  const reading = dialect.readChallenge(answer);
  if (reading.stage !== "object") throw new Unproven(`There is no readable challenge: ${reading.problem}.`);
  const entries = acceptsEntries(reading.challenge);
  const listed = (keys: readonly string[]) =>
    entries.map((entry) => keys.map((key) => describeJson(field(entry, key))).join(" ")).join("; ");
  return {
    amounts: listed([dialect.priceField]),
    others: listed(["scheme", "network", "asset", "payTo"]),
  };
}

/**
 * Holds the terms of one request against those of another; where prices are dynamic, the amounts may differ.
 *
 * @throws Finding that begins with `complaint`
 */
export function requireSameTerms(t: Trader, complaint: string, first: AskedTerms, second: AskedTerms): void {
  const differInAmount = first.amounts !== second.amounts;
  const differInMore = first.others !== second.others;
  if (!differInMore && (!differInAmount || t.context.subject.dynamicPrices)) return;
  const advice = differInMore
    ? ""
    : " Only the amount differs: where that is meant, and buyers are told of it, set dynamicPrices (--dynamic-prices).";
  throw new Finding(`${complaint}${advice}`, inWords(first), inWords(second));
}

function inWords({ amounts, others }: AskedTerms): string {
  return `${amounts} of ${others}`;
}
