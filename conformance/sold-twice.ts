import { z } from "zod";
import type { JournalEntry } from "#sandbox";
import type { CaseResult } from "./engine/index.ts";

const settledSchema = z.object({ success: z.literal(true), transaction: z.string().min(1) });

/**
 * The one cause of many failures, in a sentence: a seller that takes every success of `/settle` for a payment, also the
 * answer that a facilitator gives again for what it has settled (F-S-05).
 *
 * @param journal what the sandbox's facilitator was asked and answered
 */
export function newsOfSellingTwice(
  verdicts: readonly CaseResult[],
  journal: readonly JournalEntry[],
): readonly string[] {
  const byPayer = Map.groupBy(journal, ({ payer }) => payer?.toLowerCase());
  const failed = verdicts.filter(
    ({ status, account }) =>
      status === "fail" && isSettledAgain(byPayer.get(account?.address.toLowerCase()) ?? []),
  );
  if (failed.length === 0) return [];
  const cases = failed.length === 1 ? "1 case fails" : `${failed.length} cases fail`;
  return [
    `${cases} where the seller asked /settle again for what was settled, and was told of the same transaction once more. A facilitator may repeat its answer (F-S-05), so that a success of /settle is not yet another payment: let the seller remember what it has sold, by payer and nonce.`,
  ];
}

/** Whether one transaction was told of twice. */
function isSettledAgain(calls: readonly JournalEntry[]): boolean {
  const transactions = calls.flatMap(({ endpoint, response }) => {
    const settled = settledSchema.safeParse(response);
    return endpoint === "settle" && settled.success ? [settled.data.transaction] : [];
  });
  return new Set(transactions).size < transactions.length;
}
