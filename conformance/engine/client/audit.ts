import { requirement } from "../../requirements/index.ts";
import type { CaseResult } from "../verdict.ts";
import type { ClientContext } from "./context.ts";

/** Id of the verdict that the audit adds to every run. */
export const clientAuditId = "client.audit.nothing-is-paid-unasked";

/** How long to wait for what a client might still do behind its caller's back, in milliseconds. */
const aftermath = 400;

/**
 * Looks at everything once more when all cases are done: whether a payment came in after the client had finished
 * with it, and whether a payer of a case that passed lost more than the shop took. Then the shops close.
 */
export async function auditClientRun(
  context: ClientContext,
  results: readonly CaseResult[],
): Promise<CaseResult> {
  const started = performance.now();
  const rule = requirement("C-AUD-01");
  await new Promise((resolve) => setTimeout(resolve, aftermath));
  const late = latePayments(context);
  const complaints = [...(context.client.usesGivenPayer ? late : []), ...(await debits(context, results))];
  const paidSomething = [...context.storefronts].some(({ counter }) => counter.deliveries > 0);
  for (const storefront of context.storefronts) storefront.close();
  await context.client.close();
  const common = {
    id: clientAuditId,
    role: rule.role,
    requirement: rule.id,
    level: rule.level,
    title: "Over the whole run, no payment came when nobody waited for it, and no money went elsewhere",
    durationMs: Math.round(performance.now() - started),
  };
  if (complaints.length > 0) {
    return {
      ...common,
      status: "fail",
      message: "The client paid when nobody asked it to.",
      expected: "as many transfers as the shops took, and no payment after the end of an errand",
      actual: complaints.join("; "),
    };
  }
  if (late.length > 0) {
    const message = `A client that comes by itself may pay as late as it likes, but then a case may have passed too early: ${late.join("; ")}.`;
    return { ...common, status: "inconclusive", message };
  }
  if (paidSomething) return { ...common, status: "pass" };
  const evidence = await context.honestEvidence();
  return { ...common, ...evidence, status: "inconclusive", message: "The client never bought anything." };
}

function latePayments({ storefronts }: ClientContext): string[] {
  return [...storefronts].flatMap((storefront) => {
    const late = storefront.latePayments();
    return late === 0 ? [] : [`${late} payment(s) to ${storefront.url} after the end of the errand`];
  });
}

/** Cases that did not pass have told already what was wrong. */
async function debits({ ledger, since }: ClientContext, results: readonly CaseResult[]): Promise<string[]> {
  const transfers = Map.groupBy(await ledger.transfers({ after: since }), ({ from }) => from);
  return results.flatMap(({ id, status, account }) => {
    if (status !== "pass" || account === undefined) return [];
    const difference = (transfers.get(account.address)?.length ?? 0) - account.settled;
    return difference > 0 ? [`${id}: ${difference} transfer(s) that the shop did not make`] : [];
  });
}
