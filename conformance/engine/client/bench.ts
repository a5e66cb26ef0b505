import type { PermitScheme } from "../../oracles/permit2.ts";
import type { ProtocolId } from "../../requirements/index.ts";
import { protocolOf } from "../case.ts";
import { Finding, Unproven } from "../finding.ts";
import type { Bench, Premise } from "../suite.ts";
import { auditClientRun } from "./audit.ts";
import { type Case, type Need, remedies, unseen } from "./case.ts";
import type { ClientContext } from "./context.ts";
import { paidOnce, shows } from "./expectations.ts";
import { Shop } from "./shop.ts";
import { words } from "./words.ts";

/** What the cases of the client suite stand on: a client that pays an honest shop. */
export function clientBench(context: ClientContext): Bench<Shop, Need> {
  return {
    protocol: context.protocol ?? "x402@2",
    replay: context.replay,
    openActor: async (label, protocol) => new Shop(context, label, protocol),
    inapplicable: (subjectCase) => inapplicable(subjectCase, context),
    premise: (protocol) => premise(context, protocol),
    audit: (results) => auditClientRun(context, results),
  };
}

async function premise(context: ClientContext, protocol: ProtocolId): Promise<Premise> {
  const sale = await context.honestSale(protocol);
  try {
    await paidOnce(sale);
    return { kind: "holds" };
  } catch (error) {
    if (!(error instanceof Finding || error instanceof Unproven)) throw error;
    const difference = error instanceof Finding ? ` Expected ${error.expected}, got ${error.actual}.` : "";
    const why = `the client did not pay an honest shop in ${protocol}: ${error.message}${difference}`;
    const ending = words(sale);
    return { kind: "fails", why: why.includes(ending) ? why : `${why} How it ended: ${ending}.` };
  }
}

async function inapplicable(subjectCase: Case, context: ClientContext): Promise<string | undefined> {
  const protocol = protocolOf(subjectCase, context.protocol ?? "x402@2");
  if (!(await isJudgedIn(protocol, context))) return `The client does not speak ${protocol}.`;
  for (const need of subjectCase.needs ?? []) {
    if (!(await isGiven(need, context, protocol))) return remedyFor(need, context);
  }
  return undefined;
}

/** A client need not speak both versions; one that speaks neither is judged in both. */
async function isJudgedIn(protocol: ProtocolId, context: ClientContext): Promise<boolean> {
  if (protocol === context.protocol || (await speaks(protocol, context))) return true;
  if (context.protocol !== undefined) return false;
  return !(await speaks(protocol === "x402@2" ? "x402@1" : "x402@2", context));
}

/** Whether it tries to pay an honest shop in this version, however badly. */
async function speaks(protocol: ProtocolId, context: ClientContext): Promise<boolean> {
  const { requests } = await context.honestSale(protocol);
  return requests.some(({ payments }) => payments.length > 0);
}

/** Whether it tries to pay a shop that takes nothing else, however badly. One that pays nobody is not even sent there. */
async function paysByPermit2(scheme: PermitScheme, context: ClientContext): Promise<boolean> {
  if (!(await speaks("x402@2", context))) return false;
  const { requests } = await context.honestSale("x402@2", scheme);
  return requests.some(({ payments }) => payments.length > 0);
}

/** What becomes of an errand of a client that comes by itself, nobody can make it show. */
function remedyFor(need: Need, { client }: ClientContext): string {
  const isShown = need === "shows-content" || need === "shows-receipt";
  return isShown && !client.usesGivenPayer ? unseen : remedies[need];
}

async function isGiven(need: Need, context: ClientContext, protocol: ProtocolId): Promise<boolean> {
  if (need === "takes-requests") return context.client.takesRequests;
  if (need === "is-sent") return context.client.usesGivenPayer;
  if (need === "pays-permit2" || need === "pays-upto")
    return paysByPermit2(need === "pays-upto" ? "upto" : "exact", context);
  const sale = await context.honestSale(protocol);
  // A client that buys nothing is judged by that, not excused for what it could not show.
  if (sale.deliveries === 0) return true;
  if (need === "shows-content") return shows(sale, sale.code);
  const [transfer] = sale.transfers;
  return transfer !== undefined && shows(sale, transfer.transaction);
}
