import { type Address, isAddress, zeroAddress } from "viem";
import type { SandboxDescription } from "#sandbox";
import type { PermitScheme } from "../../oracles/permit2.ts";
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
import type { Exchange } from "../exchange.ts";
import { Finding, Unproven } from "../finding.ts";
import { type Ground, openGround } from "../ground.ts";
import type { Premise } from "../suite.ts";
import { accepted, moved } from "./checks.ts";
import { requestTo } from "./correspondence.ts";
import { Merchant } from "./merchant.ts";
import type { Reply } from "./reply.ts";
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
  /**
   * Whether payments by EIP-3009 belong to what it offers: unless `/supported` lists `upto` for this chain and no `exact`.
   * That of `exact` it settles by Permit2 alone, it cannot say.
   */
  readonly offersAuthorizations: () => Promise<boolean>;
  /** Whether an honest payment of a scheme by Permit2 settles; tried once. */
  readonly honestPermit: (scheme: PermitScheme) => Promise<Premise>;
  /** Whether an honest payment of a scheme that brings its allowance settles; tried once. */
  readonly honestAllowance: (scheme: PermitScheme) => Promise<Premise>;
  /** The accounts that `/supported` says settlements are sent from, in lower case; asked once. */
  readonly signers: () => Promise<readonly string[]>;
  /** Whether it answers `GET /discovery/resources` with a list; tried once. */
  readonly listsResources: () => Promise<boolean>;
  /** Whether an honest payment in a version settles, of what it offers: by EIP-3009, otherwise of `upto`; tried once. */
  readonly honestSettlement: (protocol: ProtocolId) => Promise<Premise>;
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
   * shows that it looks at this run's chain, where the money is.
   */
  readonly doubt: () => Promise<string | undefined>;
  /** The accounts of the honest settlements that were tried. */
  readonly accounts: () => Promise<readonly PayerAccount[]>;
}

/** Connects to the run's sandbox. */
export async function openFacilitatorContext(setup: FacilitatorRunSetup): Promise<FacilitatorContext> {
  const ground = await openGround(setup);
  const settlements = new Map<string, Promise<FirstSettlement>>();
  let supportedOnce: Promise<Json | undefined> | undefined;
  let listing: Promise<boolean> | undefined;
  let lastTurn: Promise<unknown> = Promise.resolve();
  let feeling: Promise<boolean> | undefined;
  const settledOnce = async (name: string, settle: () => Promise<FirstSettlement>) => {
    const settling = settlements.get(name) ?? settle();
    settlements.set(name, settling);
    return (await settling).premise;
  };
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
    offersAuthorizations: () => offersAuthorizations(context),
    honestPermit: (scheme) => settledOnce(`permit ${scheme}`, () => settlePermitFirst(context, scheme)),
    honestAllowance: (scheme) =>
      settledOnce(`allowance ${scheme}`, () => settleAllowanceFirst(context, scheme)),
    signers: async () => signersIn(await supported()).map((account) => account.toLowerCase()),
    listsResources: () => (listing ??= listsResources(setup)),
    honestSettlement: async (protocol) => {
      if (protocol === "x402@2" && !(await context.offersAuthorizations()))
        return context.honestPermit("upto");
      return settledOnce(protocol, () => settleFirst(context, protocol));
    },
    inTurn: async (settle, sent) => {
      // Calls of a facilitator that hangs would wait for each other without end.
      const { kind } = await context.honestSettlement("x402@2");
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

type Supported = Pick<FacilitatorContext, "kinds" | "sandbox">;

/** The kinds of `upto` that it lists for the run's chain. What it settles on others cannot be tried here. */
export function uptoKinds(supported: Supported): Promise<readonly JsonObject[]> {
  return kindsOf("upto", supported);
}

/** The kinds of a scheme, in v2, that it lists for the run's chain. */
async function kindsOf(scheme: string, { kinds, sandbox }: Supported): Promise<readonly JsonObject[]> {
  const here = [sandbox.network, "eip155:*"];
  return (await kinds()).filter(
    (kind) =>
      field(kind, "scheme") === scheme &&
      field(kind, "x402Version") === 2 &&
      here.includes(String(field(kind, "network"))),
  );
}

/** A facilitator that lists nothing that could be tried is judged as all are. */
async function offersAuthorizations(supported: Supported): Promise<boolean> {
  const [exact, upto] = [await kindsOf("exact", supported), await kindsOf("upto", supported)];
  return exact.length > 0 || upto.length === 0;
}

function isEvmAddress(value: Json | undefined): value is Address {
  return typeof value === "string" && isAddress(value, { strict: false });
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

/** An honest settlement, and the account of the payer that it was tried with. */
interface FirstSettlement {
  readonly premise: Premise;
  readonly account: PayerAccount;
}

/** The first settlement of all decides whether others take turns, and so does not itself. */
function settleFirst(context: FacilitatorContext, protocol: ProtocolId): Promise<FirstSettlement> {
  const label = `first settlement ${protocol}`;
  const what = `exact by EIP-3009 in ${protocol}`;
  const settleNow = (ground: FacilitatorContext) =>
    settleOnce(ground, protocol, label, what, (t) => t.settle());
  return protocol === "x402@2"
    ? settleNow(withoutTurns(context))
    : context.inTurn(() => settleNow(withoutTurns(context)));
}

async function settlePermitFirst(
  context: FacilitatorContext,
  scheme: PermitScheme,
): Promise<FirstSettlement> {
  const isFirst = !(await context.offersAuthorizations());
  return settleOnce(
    isFirst ? withoutTurns(context) : context,
    "x402@2",
    `first payment of ${scheme} by Permit2`,
    `${scheme} by Permit2`,
    (t) => t.permit("settle", scheme),
  );
}

function settleAllowanceFirst(context: FacilitatorContext, scheme: PermitScheme): Promise<FirstSettlement> {
  return settleOnce(
    context,
    "x402@2",
    `first payment of ${scheme} with its allowance`,
    `${scheme} by Permit2 that brings its allowance`,
    (t) => t.sponsored("settle", scheme),
  );
}

function withoutTurns(context: FacilitatorContext): FacilitatorContext {
  return { ...context, inTurn: (settle) => settle() };
}

async function settleOnce(
  context: FacilitatorContext,
  protocol: ProtocolId,
  label: string,
  what: string,
  settle: (merchant: Merchant) => Exchange<Reply>,
): Promise<FirstSettlement> {
  const merchant = await Merchant.open(context, label, protocol);
  const premise = await tried(what, () => settle(merchant).expect(accepted, moved(1)).done());
  return { premise, account: await merchant.account() };
}

/** A fault that harms nobody, the node being a millisecond late, shows whether any would reach the facilitator. */
async function feelsChainFaults(context: FacilitatorContext): Promise<boolean> {
  const merchant = await Merchant.open(context, "chain faults", "x402@2");
  const fault = { name: "rpc-slow", delayMs: 1, payer: merchant.payer.address } as const;
  const id = await context.admin.addFault(fault);
  try {
    await ((await context.offersAuthorizations())
      ? merchant.verify()
      : merchant.permit("verify", "upto")
    ).done();
  } catch (error) {
    if (!(error instanceof Finding || error instanceof Unproven)) throw error;
  }
  const reached = await context.admin.faultReached(id);
  await context.admin.removeFault(id);
  return reached > 0;
}

async function tried(what: string, script: () => Promise<unknown>): Promise<Premise> {
  try {
    await script();
    return { kind: "holds" };
  } catch (error) {
    const lead = `the facilitator did not settle an honest payment of ${what}: `;
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
