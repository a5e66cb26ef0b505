import type { SandboxDescription } from "#sandbox";
import type { PermitScheme } from "../../oracles/permit2.ts";
import type { ProtocolId } from "../../requirements/index.ts";
import type { PayerAccount } from "../evidence.ts";
import { type Ground, openGround } from "../ground.ts";
import { type Lifeline, openLifeline } from "../lifeline.ts";
import type { Premise } from "../suite.ts";
import { doubtOfGas } from "./gas.ts";
import {
  type FirstSettlement,
  feelsChainFaults,
  settleAllowanceFirst,
  settleFirst,
  settlePermitFirst,
} from "./premises.ts";
import type { FacilitatorRunSetup } from "./setup.ts";
import { openSupported, type Supported } from "./supported.ts";

/** What the cases of one run of the facilitator suite share. */
export interface FacilitatorContext extends FacilitatorRunSetup, Ground, Supported {
  readonly lifeline: Lifeline;
  /** Whether an honest payment of a scheme by Permit2 settles; tried once. */
  readonly honestPermit: (scheme: PermitScheme) => Promise<Premise>;
  /** Whether an honest payment of a scheme that brings its allowance settles; tried once. */
  readonly honestAllowance: (scheme: PermitScheme) => Promise<Premise>;
  /** Whether an honest payment in a version settles, of what it offers: by EIP-3009, otherwise of `upto`; tried once. */
  readonly honestSettlement: (protocol: ProtocolId) => Promise<Premise>;
  /** Whether it settles at all: an honest payment in a version that it is judged in; in none, why not in the first. */
  readonly settles: () => Promise<Premise>;
  /**
   * Makes a call that settles when no other does, unless the facilitator settles nothing at all. How it copes with
   * several at once is a rule of its own, and must not decide the verdicts of the others.
   *
   * @param sent resolves when its transaction was sent, from where on others can be; without it, its answer is awaited
   */
  readonly inTurn: <T>(settle: () => Promise<T>, sent?: () => Promise<void>) => Promise<T>;
  /** Whether faults of the sandbox's chain reach it; tried once. */
  readonly feelsChainFaults: () => Promise<boolean>;
  /**
   * Why what it said of an order proves nothing against it: somebody else started it, it settles nothing, and no sign
   * shows that it looks at this run's chain, where the money is; or it has no gas left.
   */
  readonly doubt: () => Promise<string | undefined>;
  /** The accounts of the honest settlements that were tried. */
  readonly accounts: () => Promise<readonly PayerAccount[]>;
}

/** Connects to the run's sandbox. */
export async function openFacilitatorContext(setup: FacilitatorRunSetup): Promise<FacilitatorContext> {
  const ground = await openGround(setup);
  const lifeline = openLifeline(setup.subject);
  const settlements = new Map<string, Promise<FirstSettlement>>();
  let lastTurn: Promise<unknown> = Promise.resolve();
  let feeling: Promise<boolean> | undefined;
  const settledOnce = async (name: string, settle: () => Promise<FirstSettlement>) => {
    const settling = settlements.get(name) ?? settle();
    settlements.set(name, settling);
    return (await settling).premise;
  };
  const context: FacilitatorContext = {
    ...setup,
    ...ground,
    lifeline,
    ...openSupported(setup, ground.sandbox, lifeline),
    honestPermit: (scheme) => settledOnce(`permit ${scheme}`, () => settlePermitFirst(context, scheme)),
    honestAllowance: (scheme) =>
      settledOnce(`allowance ${scheme}`, () => settleAllowanceFirst(context, scheme)),
    honestSettlement: async (protocol) => {
      if (protocol === "x402@2" && !(await context.offersAuthorizations()))
        return context.honestPermit("upto");
      return settledOnce(protocol, () => settleFirst(context, protocol));
    },
    settles: () => settles(context),
    inTurn: async (settle, sent) => {
      // Calls of a facilitator that hangs would wait for each other without end.
      const { kind } = await context.settles();
      if (kind === "fails") return settle();
      const begun = lastTurn.then(() => ({ answer: settle(), sent: sent?.() }));
      lastTurn = begun
        .then(({ answer, sent = answer }) => Promise.race<unknown>([answer, sent]))
        .catch(() => undefined);
      return (await begun).answer;
    },
    feelsChainFaults: () => (feeling ??= feelsChainFaults(context)),
    doubt: async () => {
      const isOurs = setup.subject.restartUrl !== undefined;
      const sees = isOurs || (await settlesInAny(context)) || (await context.feelsChainFaults());
      return sees
        ? doubtOfGas(context)
        : `Nothing can be said: ${elsewhere(setup.subject.url, ground.sandbox)}`;
    },
    accounts: async () => (await Promise.all(settlements.values())).map(({ account }) => account),
  };
  return context;
}

async function settles({ versions, honestSettlement }: FacilitatorContext): Promise<Premise> {
  const [first, ...others] = await versions();
  const premise = await honestSettlement(first);
  if (premise.kind === "holds") return premise;
  for (const protocol of others) {
    const other = await honestSettlement(protocol);
    if (other.kind === "holds") return other;
  }
  return premise;
}

/** A settlement in a version that is not judged shows as well on which chain the facilitator is. */
async function settlesInAny({ settles, honestSettlement }: FacilitatorContext): Promise<boolean> {
  if ((await settles()).kind === "holds") return true;
  for (const protocol of ["x402@2", "x402@1"] as const)
    if ((await honestSettlement(protocol)).kind === "holds") return true;
  return false;
}

/** What to tell where nothing shows that a facilitator settles on the run's chain. */
function elsewhere(url: string, { faultyRpcUrl }: SandboxDescription): string {
  return `nothing shows that the facilitator at ${url} settles on this run's chain, where the money of its payments is. Let the suite start it with --start, so that it finds the chain as RPC_URL; or start \`x402-assay sandbox\`, let it settle on that one's faultyRpcUrl (here ${faultyRpcUrl}), and give --sandbox.`;
}
