import type { Transfer } from "#sandbox";
import { requirement } from "../../requirements/index.ts";
import type { PayerAccount } from "../evidence.ts";
import type { CaseResult } from "../verdict.ts";
import type { RunContext } from "./context.ts";
import type { Sale } from "./sale.ts";

/** Id of the verdict that the audit adds to every run. */
export const auditId = "seller.audit.deliveries-equal-settlements";

/**
 * Holds the accounts of the first sale and of all cases that passed against the chain, once more, at the end:
 * whatever was settled after a case was judged, delivered and never settled, or charged and never delivered, shows
 * here.
 */
export async function auditRun(context: RunContext, results: readonly CaseResult[]): Promise<CaseResult> {
  const started = performance.now();
  const rule = requirement("S-AUD-01");
  const sales = await salesOf(context);
  await nobodyBuys(context);
  const complaints = await examine(context, accountsOf(sales, results));
  const common = {
    id: auditId,
    role: rule.role,
    requirement: rule.id,
    level: rule.level,
    title: "Over the whole run, what was delivered was paid for, and nothing else was charged",
  };
  const durationMs = Math.round(performance.now() - started);
  const failed = sales.filter((sale) => sale.kind === "not-sold");
  if (failed.length === sales.length) {
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
async function examine(
  { ledger }: RunContext,
  accounts: readonly (readonly [id: string, PayerAccount])[],
): Promise<string[]> {
  const [first] = accounts.map(([, { since }]) => BigInt(since)).sort(ascending);
  if (first === undefined) return [];
  const transfers = Map.groupBy(await ledger.transfers({ after: first }), ({ from }) => from);
  return accounts.flatMap(([id, account]) => {
    const paid = transfers.get(account.address) ?? [];
    const complaint = complaintAbout(
      account,
      paid.filter(({ block }) => block > BigInt(account.since)),
    );
    return complaint === undefined ? [] : [`${id}: ${complaint}`];
  });
}

function complaintAbout(account: PayerAccount, transfers: readonly Transfer[]): string | undefined {
  if (transfers.length > account.settled) {
    return `${transfers.length - account.settled} transfer(s) after the case ended, the last in ${transfers.at(-1)?.transaction}`;
  }
  if (account.delivered > transfers.length) {
    return `${account.delivered} paid deliveries, but ${transfers.length} transfer(s)`;
  }
  if (transfers.length > account.delivered + account.excused) {
    return `${transfers.length} transfer(s), but ${account.delivered} paid deliveries`;
  }
  return undefined;
}

function ascending(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b);
}

/** Cases that did not pass have told already what was wrong. */
function accountsOf(sales: readonly Sale[], results: readonly CaseResult[]): [string, PayerAccount][] {
  const first = sales.flatMap((sale): [string, PayerAccount][] =>
    sale.kind === "sold" ? [["the first sale", sale.account]] : [],
  );
  const others = results.flatMap(({ id, status, account }): [string, PayerAccount][] =>
    status === "pass" && account !== undefined ? [[id, account]] : [],
  );
  return [...first, ...others];
}
