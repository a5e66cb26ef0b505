import { requirement } from "../../requirements/index.ts";
import type { PayerAccount } from "../evidence.ts";
import type { CaseResult } from "../verdict.ts";
import type { FacilitatorContext } from "./context.ts";

/** Id of the verdict that the audit adds to every run of the facilitator suite. */
export const facilitatorAuditId = "facilitator.audit.reports-equal-transfers";

/**
 * Holds the accounts of the first settlement and of all cases that passed against the chain, once more, at the end:
 * whatever moved after a case was judged, was reported and never moved, or moved unreported, shows here.
 */
export async function auditFacilitator(
  context: FacilitatorContext,
  results: readonly CaseResult[],
): Promise<CaseResult> {
  const started = performance.now();
  const rule = requirement("F-AUD-01");
  const premise = await context.settles();
  const complaints: string[] = [];
  for (const [id, account] of await accountsOf(context, results)) {
    const complaint = await examine(context, account);
    if (complaint !== undefined) complaints.push(`${id}: ${complaint}`);
  }
  const common = {
    id: facilitatorAuditId,
    role: rule.role,
    requirement: rule.id,
    level: rule.level,
    title: "Over the whole run, what was reported as settled is on chain once, and nothing else moved",
    durationMs: Math.round(performance.now() - started),
  };
  if (premise.kind === "fails") {
    return { ...common, status: "inconclusive", message: `Nothing can be said: ${premise.why}` };
  }
  if (complaints.length === 0) return { ...common, status: "pass" };
  return {
    ...common,
    status: "fail",
    message: "The chain tells another story than the answers.",
    expected: "as many transfers as settlements reported, none after the case ended",
    actual: complaints.join("; "),
  };
}

async function accountsOf(
  context: FacilitatorContext,
  results: readonly CaseResult[],
): Promise<[string, PayerAccount][]> {
  const first = (await context.accounts()).map((account): [string, PayerAccount] => [
    "the first settlement",
    account,
  ]);
  // Cases that did not pass have told already what was wrong.
  const others = results.flatMap(({ id, status, account }): [string, PayerAccount][] =>
    status === "pass" && account !== undefined ? [[id, account]] : [],
  );
  return [...first, ...others];
}

async function examine({ ledger }: FacilitatorContext, account: PayerAccount): Promise<string | undefined> {
  const transfers = await ledger.transfersFrom(account.address, { after: BigInt(account.since) });
  if (transfers.length > account.settled) {
    return `${transfers.length - account.settled} transfer(s) after the case ended`;
  }
  if (account.delivered > transfers.length) {
    return `${account.delivered} settlement(s) reported, but ${transfers.length} transfer(s)`;
  }
  if (transfers.length > account.delivered + account.excused) {
    return `${transfers.length} transfer(s), but ${account.delivered} settlement(s) reported`;
  }
  return undefined;
}
