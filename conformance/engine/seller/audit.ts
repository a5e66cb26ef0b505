import type { Transfer } from "#sandbox";
import { requirement } from "../../requirements/index.ts";
import type { Evidence, PayerAccount } from "../evidence.ts";
import type { CaseResult } from "../verdict.ts";
import type { RunContext } from "./context.ts";
import { recordsKept } from "./conversation.ts";
import type { Sale } from "./sale.ts";
import { slowCalls } from "./slowness.ts";

/** Id of the verdict that the audit adds to every run. */
export const auditId = "seller.audit.deliveries-equal-settlements";

/**
 * Holds the accounts of the first sales and of the cases against the chain, once more, at the end: whatever was settled
 * after a case was judged, delivered and never settled, or charged and never delivered, shows here.
 */
export async function auditRun(context: RunContext, results: readonly CaseResult[]): Promise<CaseResult> {
  const started = performance.now();
  const rule = requirement("S-AUD-01");
  const sales = await salesOf(context);
  await nobodyBuys(context);
  const complaints = await examine(context, await accountsOf(context, sales, results));
  const common = {
    id: auditId,
    role: rule.role,
    requirement: rule.id,
    level: rule.level,
    title: "Over the whole run, what was delivered was paid for, and nothing else was charged",
  };
  const durationMs = Math.round(performance.now() - started);
  const failed = sales.filter((sale) => sale.kind === "not-sold");
  if (failed.length === sales.length && complaints.length === 0) {
    const reasons = failed.map(({ why }) => why);
    return {
      ...common,
      ...failed[0]?.evidence,
      durationMs,
      status: "inconclusive",
      message: `The subject never sold anything: ${reasons.join(" ")}`,
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

/** Waits for the purchases that are made besides the cases: when the run is over, or a case runs alone, nobody buys. */
export async function nobodyBuys({ salesSoFar }: RunContext): Promise<void> {
  await Promise.all((await salesSoFar()).map((sale) => sale.kind === "sold" && sale.goods.again));
}

/** The first sale in each version that a case spoke. */
async function salesOf(context: RunContext): Promise<readonly Sale[]> {
  const sales = await context.salesSoFar();
  return sales.length > 0 ? sales : [await context.sale(context.protocol)];
}

/** Reads the transfers of all payers at once, and says what is wrong with whose account. */
async function examine({ ledger }: RunContext, accounts: readonly Audited[]): Promise<string[]> {
  const [first] = accounts.map(({ account: { since } }) => BigInt(since)).sort(ascending);
  if (first === undefined) return [];
  const transfers = Map.groupBy(await ledger.transfers({ after: first }), ({ from }) => from);
  return accounts.flatMap((audited) => {
    const { id, account } = audited;
    const paid = transfers.get(account.address) ?? [];
    const complaint = complaintAbout(
      audited,
      paid.filter(({ block }) => block > BigInt(account.since)),
    );
    return complaint === undefined ? [] : [`${id}: ${complaint}`];
  });
}

function complaintAbout({ account, isWhole }: Audited, transfers: readonly Transfer[]): string | undefined {
  const { delivered, excused, settled } = account;
  const late =
    transfers.length > settled
      ? `${transfers.length - settled} transfer(s) after the case ended, the last in ${transfers.at(-1)?.transaction}`
      : undefined;
  if (transfers.length > delivered + excused) {
    const mismatch = `${transfers.length} transfer(s), but ${delivered} paid deliveries`;
    return late === undefined ? mismatch : `${mismatch}; ${late}`;
  }
  if (!isWhole) return undefined;
  return delivered > transfers.length
    ? `${delivered} paid deliveries, but ${transfers.length} transfer(s)`
    : late;
}

function ascending(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b);
}

/** An account that is held against the chain. */
interface Audited {
  readonly id: string;
  readonly account: PayerAccount;
  /** Deliveries and transfers are to be equal, and none came late; otherwise only that nothing was kept from who paid. */
  readonly isWhole: boolean;
}

/**
 * Cases that failed have told already what was wrong. What proved nothing may have cost the buyer money all the same:
 * where every request was answered, no fault made it so, and our own facilitator was not too slow, only the seller can
 * have kept the goods.
 */
async function accountsOf(
  { admin }: RunContext,
  sales: readonly Sale[],
  results: readonly CaseResult[],
): Promise<readonly Audited[]> {
  const slow = new Set(slowCalls(await admin.exchanges()).map(({ payer }) => payer?.toLowerCase()));
  const unproven = (id: string, evidence: Evidence): Audited[] => {
    const { account } = evidence;
    if (account === undefined || !isComplete(evidence) || slow.has(account.address.toLowerCase())) return [];
    return [{ id, account, isWhole: false }];
  };
  const first = sales.flatMap((sale) =>
    sale.kind === "sold"
      ? [{ id: "the first sale", account: sale.account, isWhole: true }]
      : unproven("the first sale", sale.evidence),
  );
  const others = results.flatMap((result) => {
    const { id, status, account } = result;
    if (status === "inconclusive" || status === "not-applicable") return unproven(id, result);
    return status === "pass" && account !== undefined ? [{ id, account, isWhole: true }] : [];
  });
  return [...first, ...others];
}

/** Whether all that was said is there, every request was answered, and no fault was switched on. */
function isComplete({ exchanges = [], faults }: Evidence): boolean {
  const areAnswered = exchanges.every(({ answer }) => answer.kind === "answer");
  return areAnswered && exchanges.length < recordsKept && faults === undefined;
}
