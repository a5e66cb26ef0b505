import type { ProtocolId } from "../../requirements/index.ts";
import { protocolOf } from "../case.ts";
import { dialects } from "../dialect.ts";
import type { Bench, Premise } from "../suite.ts";
import { auditRun, nobodyBuys } from "./audit.ts";
import type { Case } from "./case.ts";
import type { RunContext } from "./context.ts";
import { doubtOfOutage } from "./outage.ts";
import { type Need, remedies } from "./request.ts";
import { doubtOfSlowness } from "./slowness.ts";
import { Trader } from "./trader.ts";

/** What the cases of the seller suite stand on: a seller that an honest buyer could buy from. */
export function sellerBench(context: RunContext): Bench<Trader, Need> {
  return {
    protocol: context.protocol,
    replay: context.replay,
    lifeline: context.lifeline,
    openActor: (label, protocol) => Trader.open(context, label, dialects[protocol]),
    inapplicable: async (subjectCase) => {
      const protocol = protocolOf(subjectCase, context.protocol);
      if (!(await isJudgedIn(protocol, context))) {
        return `The seller does not ask to be paid in ${protocol}; with --protocol ${protocol} it has to.`;
      }
      const missing = await missingNeed(subjectCase, context);
      return missing === undefined ? undefined : remedies[missing];
    },
    premise: (protocol) => premise(context, protocol),
    doubt: async (trader) => (await doubtOfSlowness(trader)) ?? (await doubtOfOutage(trader)),
    quiet: () => nobodyBuys(context),
    audit: (results) => auditRun(context, results),
  };
}

async function isJudgedIn(protocol: ProtocolId, context: RunContext): Promise<boolean> {
  return protocol === context.protocol || (await context.offers(protocol));
}

async function offersBoth({ offers }: RunContext): Promise<boolean> {
  return (await offers("x402@2")) && (await offers("x402@1"));
}

async function premise(context: RunContext, protocol: ProtocolId): Promise<Premise> {
  const sale = await context.sale(protocol);
  if (sale.kind === "not-sold") return { kind: "fails", why: `the subject never sold anything: ${sale.why}` };
  // The sale after it meets no case: one that runs alone would not be.
  await sale.goods.again;
  return { kind: "holds" };
}

async function missingNeed(subjectCase: Case, context: RunContext): Promise<Need | undefined> {
  const protocol = protocolOf(subjectCase, context.protocol);
  for (const need of subjectCase.needs ?? []) {
    if (!(await isGiven(need, context, protocol))) return need;
  }
  return undefined;
}

async function isGiven(need: Need, context: RunContext, protocol: ProtocolId): Promise<boolean> {
  if (need === "restart") return context.subject.restartUrl !== undefined;
  if (need === "both-versions") return offersBoth(context);
  if (need === "mcp") return context.subject.overMcp === true;
  if (need === "permit2" || need === "upto") return (await context.permitRequests(need)).length > 0;
  if (need !== "own-facilitator" && need !== "authorization-flow") {
    return context.subject.requests[need] !== undefined;
  }
  const sale = await context.sale(protocol);
  // A subject that sells nothing is judged by that, not excused for what it could not show.
  if (sale.kind === "not-sold") return true;
  return need === "own-facilitator" ? sale.usesOwnFacilitator : sale.flow === "authorization";
}
