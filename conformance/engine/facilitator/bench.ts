import { protocolOf } from "../case.ts";
import type { Bench } from "../suite.ts";
import { auditFacilitator } from "./audit.ts";
import type { FacilitatorNeed } from "./case.ts";
import type { FacilitatorContext } from "./context.ts";
import { Merchant } from "./merchant.ts";
import { eip2612Sponsoring } from "./sponsored-order.ts";
import { uptoKinds } from "./supported.ts";

/** How to give what a case needs. */
export const facilitatorRemedies: Readonly<Record<FacilitatorNeed, string>> = {
  restart: "start the facilitator with --start, so that the suite can restart it",
  "chain-faults":
    "let the facilitator reach its chain at the sandbox's faultyRpcUrl, which --start gives as RPC_URL, so that the suite can make the chain fail",
  discovery: "offer GET /discovery/resources, as facilitators do that list what can be bought",
  permit2:
    "settle exact payments by Permit2 through x402ExactPermit2Proxy; an honest one was refused, so that this facilitator is taken for one that does not",
  upto: 'list a kind with scheme "upto" and x402Version 2 for this network in /supported',
  "eip2612-sponsoring":
    'name "eip2612GasSponsoring" among the extensions of /supported, and settle exact payments by Permit2, or upto',
  "upto-sponsoring":
    'name "eip2612GasSponsoring" among the extensions of /supported, and settle payments of upto that bring their allowance; an honest one was refused, so that this facilitator is taken for one that does not',
  bazaar: 'name "bazaar" among the extensions of /supported, and offer GET /discovery/resources',
};

/** What the cases of the facilitator suite stand on: a facilitator that settles an honest payment of their method. */
export function facilitatorBench(context: FacilitatorContext): Bench<Merchant, FacilitatorNeed> {
  const judgedIn = context.protocol ?? "x402@2";
  return {
    protocol: judgedIn,
    replay: context.replay,
    lifeline: context.lifeline,
    openActor: (label, protocol) => Merchant.open(context, label, protocol),
    inapplicable: async (subjectCase) => {
      const protocol = protocolOf(subjectCase, judgedIn);
      if (!(await context.versions()).includes(protocol)) return `/supported lists no kind for ${protocol}.`;
      for (const need of subjectCase.needs ?? [])
        if (!(await isGiven(need, context))) return facilitatorRemedies[need];
      return undefined;
    },
    premise: (protocol, needs = []) => {
      if (needs.includes("upto")) return context.honestPermit("upto");
      if (needs.includes("permit2")) return context.honestPermit("exact");
      return context.honestSettlement(protocol);
    },
    doubt: async (merchant) => (merchant.hasOrdered ? context.doubt() : undefined),
    audit: (results) => auditFacilitator(context, results),
  };
}

async function isGiven(need: FacilitatorNeed, context: FacilitatorContext): Promise<boolean> {
  switch (need) {
    case "restart":
      return context.subject.restartUrl !== undefined;
    case "chain-faults":
      return context.feelsChainFaults();
    case "discovery":
      return context.listsResources();
    case "permit2":
      return settlesByPermit2(context);
    case "upto":
      return (await uptoKinds(context)).length > 0;
    case "eip2612-sponsoring":
      return (await sponsors(context)) && ((await isGiven("upto", context)) || settlesByPermit2(context));
    case "upto-sponsoring":
      return (
        (await sponsors(context)) &&
        (await isGiven("upto", context)) &&
        (await context.honestAllowance("upto")).kind === "holds"
      );
    case "bazaar":
      return (await context.extensions()).includes("bazaar") && context.listsResources();
  }
}

/** `/supported` does not tell: a method of `exact` is no kind. */
async function settlesByPermit2(context: FacilitatorContext): Promise<boolean> {
  return (await context.honestPermit("exact")).kind === "holds";
}

async function sponsors({ extensions }: FacilitatorContext): Promise<boolean> {
  return (await extensions()).includes(eip2612Sponsoring);
}
