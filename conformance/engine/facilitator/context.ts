import { type Address, isAddress, zeroAddress } from "viem";
import type { SandboxDescription } from "#sandbox";
import {
  field,
  isJsonObject,
  type Json,
  type JsonObject,
  parseJson,
  sendOverWire,
} from "../../oracles/wire/index.ts";
import type { ProtocolId } from "../../requirements/index.ts";
import type { PayerAccount } from "../evidence.ts";
import { Finding, Unproven } from "../finding.ts";
import { type Ground, openGround } from "../ground.ts";
import type { Premise } from "../suite.ts";
import { accepted, moved } from "./checks.ts";
import { requestTo } from "./correspondence.ts";
import { Merchant } from "./merchant.ts";
import type { FacilitatorRunSetup } from "./setup.ts";

/** What the cases of one run of the facilitator suite share. */
export interface FacilitatorContext extends FacilitatorRunSetup, Ground {
  /** The kinds of payment that `/supported` lists; asked once. None when it cannot be read. */
  readonly kinds: () => Promise<readonly JsonObject[]>;
  /** The extensions that `/supported` lists; asked once. */
  readonly extensions: () => Promise<readonly string[]>;
  /**
   * The account that it says it settles with: the one that `upto` names, otherwise the first of those that settle on EVM
   * chains; that of the zero address when it says none.
   */
  readonly settler: () => Promise<Address>;
  /** Whether an honest `exact` payment by Permit2 is settled; tried once. */
  readonly settlesByPermit2: () => Promise<boolean>;
  /** The accounts that `/supported` says settlements are sent from, in lower case; asked once. */
  readonly signers: () => Promise<readonly string[]>;
  /** Whether it answers `GET /discovery/resources` with a list; tried once. */
  readonly listsResources: () => Promise<boolean>;
  /** Whether an honest payment in a version settles; tried once. */
  readonly honestSettlement: (protocol: ProtocolId) => Promise<Premise>;
  /**
   * Makes a call that settles when no other does, unless the facilitator settles nothing at all. How it copes with
   * several at once is a rule of its own, and must not decide the verdicts of the others.
   */
  readonly inTurn: <T>(settle: () => Promise<T>) => Promise<T>;
  /** Whether faults of the sandbox's chain reach it; tried once. */
  readonly feelsChainFaults: () => Promise<boolean>;
  /**
   * Why what it said of an order proves nothing against it: somebody else started it, it settles nothing, and no sign
   * shows that it looks at this run's chain, where the money is.
   */
  readonly doubt: () => Promise<string | undefined>;
  /** The accounts of the honest settlements that were tried. */
  readonly accounts: () => Promise<readonly PayerAccount[]>;
}

/** Connects to the run's sandbox. */
export async function openFacilitatorContext(setup: FacilitatorRunSetup): Promise<FacilitatorContext> {
  const ground = await openGround(setup);
  const settlements = new Map<ProtocolId, Promise<{ premise: Premise; account: PayerAccount }>>();
  let supportedOnce: Promise<Json | undefined> | undefined;
  let listing: Promise<boolean> | undefined;
  let lastTurn: Promise<unknown> = Promise.resolve();
  let feeling: Promise<boolean> | undefined;
  let settling: Promise<boolean> | undefined;
  const supported = () => (supportedOnce ??= read("/supported", setup));
  const context: FacilitatorContext = {
    ...setup,
    ...ground,
    kinds: async () => listIn(await supported(), "kinds").filter(isJsonObject),
    extensions: async () => listIn(await supported(), "extensions").filter(isText),
    settler: async () => {
      const named = (await uptoKinds(context)).map((kind) =>
        field(field(kind, "extra"), "facilitatorAddress"),
      );
      return [...named, ...signersIn(await supported())].find(isEvmAddress) ?? zeroAddress;
    },
    settlesByPermit2: () => (settling ??= settlesByPermit2(context)),
    signers: async () => signersIn(await supported()).map((account) => account.toLowerCase()),
    listsResources: () => (listing ??= listsResources(setup)),
    honestSettlement: async (protocol) => {
      const tried = settlements.get(protocol) ?? settleFirst(context, protocol);
      settlements.set(protocol, tried);
      return (await tried).premise;
    },
    inTurn: async (settle) => {
      // Calls of a facilitator that hangs would wait for each other without end.
      const { kind } = await context.honestSettlement("x402@2");
      if (kind === "fails") return settle();
      const turn = lastTurn.then(settle);
      lastTurn = turn.catch(() => undefined);
      return turn;
    },
    feelsChainFaults: () => (feeling ??= feelsChainFaults(context)),
    doubt: async () => {
      const isOurs = setup.subject.restartUrl !== undefined;
      const sees = isOurs || (await settlesAny(context)) || (await context.feelsChainFaults());
      return sees ? undefined : `Nothing can be said: ${elsewhere(setup.subject.url, ground.sandbox)}`;
    },
    accounts: async () => (await Promise.all(settlements.values())).map(({ account }) => account),
  };
  return context;
}

async function listsResources(setup: FacilitatorRunSetup): Promise<boolean> {
  return Array.isArray(field(await read("/discovery/resources?limit=1", setup), "items"));
}

/** What a `GET` gives; `undefined` when it is no JSON. */
async function read(path: string, { subject, timeoutMs }: FacilitatorRunSetup): Promise<Json | undefined> {
  const answer = await sendOverWire(requestTo(subject, "GET", path), { timeoutMs });
  return answer.kind === "answer" ? parseJson(answer.body) : undefined;
}

function listIn(json: Json | undefined, name: string): readonly Json[] {
  const list = field(json, name);
  return Array.isArray(list) ? list : [];
}

function signersIn(supported: Json | undefined): readonly string[] {
  const byNetwork = field(supported, "signers");
  return isJsonObject(byNetwork) ? Object.values(byNetwork).flat().filter(isText) : [];
}

function isText(value: Json): value is string {
  return typeof value === "string";
}

/** The kinds of `upto` that it lists for the run's chain. What it settles on others cannot be tried here. */
export async function uptoKinds({
  kinds,
  sandbox,
}: Pick<FacilitatorContext, "kinds" | "sandbox">): Promise<readonly JsonObject[]> {
  const here = [sandbox.network, "eip155:*"];
  return (await kinds()).filter(
    (kind) =>
      field(kind, "scheme") === "upto" &&
      field(kind, "x402Version") === 2 &&
      here.includes(String(field(kind, "network"))),
  );
}

function isEvmAddress(value: Json | undefined): value is Address {
  return typeof value === "string" && isAddress(value, { strict: false });
}

/** `/supported` does not tell: a method of `exact` is no kind. */
async function settlesByPermit2(context: FacilitatorContext): Promise<boolean> {
  const merchant = await Merchant.open(context, "first payment by Permit2", "x402@2");
  const premise = await tried(() => merchant.permit("settle", "exact").expect(accepted, moved(1)).done());
  return premise.kind === "holds";
}

async function settlesAny({ honestSettlement }: FacilitatorContext): Promise<boolean> {
  for (const protocol of ["x402@2", "x402@1"] as const)
    if ((await honestSettlement(protocol)).kind === "holds") return true;
  return false;
}

/** What to tell where nothing shows that a facilitator settles on the run's chain. */
function elsewhere(url: string, { faultyRpcUrl }: SandboxDescription): string {
  return `nothing shows that the facilitator at ${url} settles on this run's chain, where the money of its payments is. Let the suite start it with --start, so that it finds the chain as RPC_URL; or start \`x402-assay sandbox\`, let it settle on that one's faultyRpcUrl (here ${faultyRpcUrl}), and give --sandbox.`;
}

/** The first settlement of all decides whether others take turns, and so does not itself. */
function settleFirst(context: FacilitatorContext, protocol: ProtocolId) {
  const settleNow = () => settleOnce({ ...context, inTurn: (settle) => settle() }, protocol);
  return protocol === "x402@2" ? settleNow() : context.inTurn(settleNow);
}

async function settleOnce(context: FacilitatorContext, protocol: ProtocolId) {
  const merchant = await Merchant.open(context, `first settlement ${protocol}`, protocol);
  const premise = await tried(() => merchant.settle().expect(accepted, moved(1)).done());
  return { premise, account: await merchant.account() };
}

/** A fault that harms nobody, the node being a millisecond late, shows whether any would reach the facilitator. */
async function feelsChainFaults(context: FacilitatorContext): Promise<boolean> {
  const merchant = await Merchant.open(context, "chain faults", "x402@2");
  const fault = { name: "rpc-slow", delayMs: 1, payer: merchant.payer.address } as const;
  const id = await context.admin.addFault(fault);
  try {
    await merchant.verify().done();
  } catch (error) {
    if (!(error instanceof Finding || error instanceof Unproven)) throw error;
  }
  const reached = await context.admin.faultReached(id);
  await context.admin.removeFault(id);
  return reached > 0;
}

async function tried(script: () => Promise<unknown>): Promise<Premise> {
  try {
    await script();
    return { kind: "holds" };
  } catch (error) {
    const lead = "the facilitator did not settle an honest payment: ";
    if (error instanceof Finding) {
      return {
        kind: "fails",
        why: `${lead}${error.message} Expected ${error.expected}, got ${error.actual}.`,
      };
    }
    if (error instanceof Unproven) return { kind: "fails", why: `${lead}${error.message}` };
    throw error;
  }
}
