import type { PermitScheme } from "../../oracles/permit2.ts";
import type { ProtocolId } from "../../requirements/index.ts";
import type { PayerAccount } from "../evidence.ts";
import { type Exchange, holdAgainst } from "../exchange.ts";
import { Finding, Unproven } from "../finding.ts";
import type { Premise } from "../suite.ts";
import { expectResolved } from "./asking-again.ts";
import { isToldPending } from "./chain-checks.ts";
import { accepted, moved } from "./checks.ts";
import type { FacilitatorContext } from "./context.ts";
import { Merchant } from "./merchant.ts";
import type { Reply } from "./reply.ts";

/** An honest settlement, and the account of the payer that it was tried with. */
export interface FirstSettlement {
  readonly premise: Premise;
  readonly account: PayerAccount;
}

/** The first settlement that succeeds decides whether others take turns; until then, there are none to take. */
export async function settleFirst(
  context: FacilitatorContext,
  protocol: ProtocolId,
): Promise<FirstSettlement> {
  const label = `first settlement ${protocol}`;
  const what = `exact by EIP-3009 in ${protocol}`;
  const settle = () => settleOnce(withoutTurns(context), protocol, label, what, (t) => t.settle());
  for (const earlier of await versionsBefore(protocol, context))
    if ((await context.honestSettlement(earlier)).kind === "holds") return context.inTurn(settle);
  return settle();
}

/** The versions in which an honest settlement is tried before it is in this one. */
async function versionsBefore(
  protocol: ProtocolId,
  { versions }: FacilitatorContext,
): Promise<readonly ProtocolId[]> {
  const judged = await versions();
  const position = judged.indexOf(protocol);
  return position < 0 ? judged : judged.slice(0, position);
}

/** An honest payment by Permit2, which is the first settlement of all where nothing else is offered. */
export async function settlePermitFirst(
  context: FacilitatorContext,
  scheme: PermitScheme,
): Promise<FirstSettlement> {
  const [first] = await context.versions();
  const isFirst = first === "x402@2" && !(await context.offersAuthorizations());
  return settleOnce(
    isFirst ? withoutTurns(context) : context,
    "x402@2",
    `first payment of ${scheme} by Permit2`,
    `${scheme} by Permit2`,
    (t) => t.permit("settle", scheme),
  );
}

/** An honest payment by Permit2 that brings its allowance. */
export function settleAllowanceFirst(
  context: FacilitatorContext,
  scheme: PermitScheme,
): Promise<FirstSettlement> {
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
  const premise = await tried(what, () => settleInTime(merchant, settle));
  return { premise, account: await merchant.account() };
}

/** Has a payment settled, and another where the first was told as pending: a first call may take long, others may not. */
async function settleInTime(merchant: Merchant, settle: (merchant: Merchant) => Exchange<Reply>) {
  const reply = await settle(merchant).done();
  if (!isToldPending(reply)) return holdAgainst(reply, [accepted, moved(1)]);
  await expectResolved(merchant, merchant.lastOrder);
  await settle(merchant).expect(accepted, moved(1)).done();
}

/** A fault that harms nobody, the node being a millisecond late, shows whether any would reach the facilitator. */
export async function feelsChainFaults(context: FacilitatorContext): Promise<boolean> {
  for (const protocol of await context.versions())
    if (await feelsChainFaultsIn(protocol, context)) return true;
  return false;
}

async function feelsChainFaultsIn(protocol: ProtocolId, context: FacilitatorContext): Promise<boolean> {
  const merchant = await Merchant.open(context, `chain faults ${protocol}`, protocol);
  const fault = { name: "rpc-slow", delayMs: 1, payer: merchant.payer.address } as const;
  const id = await context.admin.addFault(fault);
  const byAuthorization = protocol === "x402@1" || (await context.offersAuthorizations());
  try {
    await (byAuthorization ? merchant.verify() : merchant.permit("verify", "upto")).done();
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
