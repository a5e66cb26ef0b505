import { requirement } from "../requirements/index.ts";
import type { RunContext } from "./context.ts";
import type { CaseResult, PayerAccount } from "./verdict.ts";

/** Id of the verdict that the audit adds to every run. */
export const auditId = "seller.audit.deliveries-equal-settlements";

/**
 * Holds the accounts of all cases that passed against the chain, once more, at the end: whatever was settled after
 * a case was judged, or delivered and never settled, shows here.
 */
export async function auditRun(context: RunContext, results: readonly CaseResult[]): Promise<CaseResult> {
  const started = performance.now();
  const rule = requirement("S-AUD-01");
  const complaints: string[] = [];
  for (const { id, status, account } of results) {
    if (account === undefined || status !== "pass") continue;
    const complaint = await examine(context, account);
    if (complaint !== undefined) complaints.push(`${id}: ${complaint}`);
  }
  const common = {
    id: auditId,
    role: rule.role,
    requirement: rule.id,
    level: rule.level,
    title: "Over the whole run, what was delivered was paid for, and nothing else was charged",
  };
  const durationMs = Math.round(performance.now() - started);
  const sale = await context.sale();
  if (sale.kind === "not-sold") {
    return {
      ...common,
      durationMs,
      status: "inconclusive",
      message: `The subject never sold anything: ${sale.why}`,
    };
  }
  if (complaints.length === 0) return { ...common, durationMs, status: "pass" };
  return {
    ...common,
    durationMs,
    status: "fail",
    message: "The chain tells another story than the answers.",
    expected: "as many transfers as paid deliveries, none after the case ended",
    actual: complaints.join("; "),
  };
}

async function examine({ ledger }: RunContext, account: PayerAccount): Promise<string | undefined> {
  const transfers = await ledger.transfersFrom(account.address, { after: BigInt(account.since) });
  if (transfers.length > account.settled) {
    return `${transfers.length - account.settled} transfer(s) after the case ended, the last in ${transfers.at(-1)?.transaction}`;
  }
  if (account.delivered > transfers.length) {
    return `${account.delivered} paid deliveries, but ${transfers.length} transfer(s)`;
  }
  return undefined;
}
