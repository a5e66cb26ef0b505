import { field } from "../../oracles/wire/index.ts";
import type { ProtocolId } from "../../requirements/index.ts";
import { protocolOf } from "../case.ts";
import { Finding, Unproven } from "../finding.ts";
import type { Bench, Premise } from "../suite.ts";
import { auditClientRun } from "./audit.ts";
import { type Case, type Need, remedies, unseen } from "./case.ts";
import type { ClientContext } from "./context.ts";
import { paidOnce, shows } from "./expectations.ts";
import type { Observed } from "./observed.ts";
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
  const sale = await provingSale(protocol, context);
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
  const { needs = [] } = subjectCase;
  for (const need of needs) {
    if (!(await isGiven(need, context, protocol))) return remedyFor(need, context);
  }
  const isAboutPermits = needs.some((need) => need === "pays-permit2" || need === "pays-upto");
  if (isAboutPermits || !(await paysOnlyPermits(protocol, context))) return undefined;
  const ending = words(await context.honestSale(protocol));
  return `the client pays by Permit2 alone; at a shop that takes exact by EIP-3009, as this case's does, it signed nothing: ${ending}`;
}

/** A client need not speak both versions; one that speaks neither is judged in both. */
async function isJudgedIn(protocol: ProtocolId, context: ClientContext): Promise<boolean> {
  if (protocol === context.protocol || (await speaks(protocol, context))) return true;
  if (context.protocol !== undefined) return false;
  return !(await speaks(protocol === "x402@2" ? "x402@1" : "x402@2", context));
}

/** Whether it tries to pay an honest shop in this version, however badly. */
async function speaks(protocol: ProtocolId, context: ClientContext): Promise<boolean> {
  return triesToPay(await provingSale(protocol, context));
}

/** The first honest sale in which the client tries to pay, by EIP-3009 or else by Permit2; the first without any. */
async function provingSale(protocol: ProtocolId, context: ClientContext): Promise<Observed> {
  const first = await context.honestSale(protocol);
  if (protocol === "x402@1" || triesToPay(first)) return first;
  for (const scheme of ["exact", "upto"] as const) {
    const sale = await context.honestSale(protocol, scheme);
    if (triesToPay(sale)) return sale;
  }
  return first;
}

function triesToPay({ requests }: Observed): boolean {
  return requests.some(({ payments }) => payments.length > 0);
}

/** Whether anything that it paid with may have been meant as a permit. */
function triesToPermit({ requests }: Observed): boolean {
  return requests.some(({ payments }) =>
    payments.some(({ envelope }) => field(field(envelope, "payload"), "authorization") === undefined),
  );
}

/** The cases that judge an authorization where a permit was asked for. */
const misused = {
  "pays-permit2": "client.authorization.not-for-permit2",
  "pays-upto": "client.authorization.not-for-upto",
};

async function paysOnlyPermits(protocol: ProtocolId, context: ClientContext): Promise<boolean> {
  if (triesToPay(await context.honestSale(protocol))) return false;
  return speaks(protocol, context);
}

/** What becomes of an errand of a client that comes by itself, nobody can make it show. */
async function remedyFor(need: Need, context: ClientContext): Promise<string> {
  const { client } = context;
  if (need === "pays-permit2" || need === "pays-upto") {
    const sale = await permitSale(need, context);
    if (triesToPay(sale))
      return `the client signs no permits: it paid such an entry by an authorization of EIP-3009, of which ${misused[need]} tells`;
    return `${remedies[need]}: ${words(sale)}`;
  }
  const isShown = need === "shows-content" || need === "shows-receipt";
  return isShown && !client.usesGivenPayer ? unseen : remedies[need];
}

async function isGiven(need: Need, context: ClientContext, protocol: ProtocolId): Promise<boolean> {
  if (need === "takes-requests") return context.client.takesRequests;
  if (need === "takes-environment") return context.client.takesEnvironment;
  if (need === "has-limit") return context.limit !== undefined;
  if (need === "is-sent") return context.client.usesGivenPayer;
  if (need === "pays-permit2" || need === "pays-upto") return triesToPermit(await permitSale(need, context));
  const sale = await provingSale(protocol, context);
  // A client that buys nothing is judged by that, not excused for what it could not show.
  if (sale.deliveries === 0) return true;
  if (need === "shows-content") return shows(sale, sale.code);
  const [transfer] = sale.transfers;
  return transfer !== undefined && shows(sale, transfer.transaction);
}

/** The honest sale of a shop that takes nothing else. */
function permitSale(need: "pays-permit2" | "pays-upto", context: ClientContext): Promise<Observed> {
  return context.honestSale("x402@2", need === "pays-upto" ? "upto" : "exact");
}
