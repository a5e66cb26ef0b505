import { type Address, isAddress, type LocalAccount } from "viem";
import type { PermitScheme } from "../../oracles/permit2.ts";
import { type AcceptsEntry, field, type JsonObject } from "../../oracles/wire/index.ts";
import type { Dialect } from "../dialect.ts";
import {
  type PermitSigningChange,
  permitPayload,
  type SignedPermit,
  signChangedPermit,
} from "../permit-signing.ts";
import { same } from "../signing.ts";
import type { RunContext } from "./context.ts";
import { type EnvelopeChange, lifetime, type Payment, type PresentedPayment, present } from "./payment.ts";
import { type PermitMethod, payableTerms } from "./terms.ts";

/** A payment by Permit2: of `exact`, or of `upto`. */
export interface PermitPayment extends PresentedPayment, SignedPermit {
  readonly method: PermitMethod;
}

/** A payment, however it is signed. */
export type AnyPayment = Payment | PermitPayment;

/** One thing to do differently from an honest payment by Permit2. */
export interface PermitChange extends PermitSigningChange, EnvelopeChange {
  /** Another copy of the terms in the envelope. */
  readonly accepted?: (entry: AcceptsEntry) => JsonObject;
  /** Another scheme to sign for. */
  readonly scheme?: PermitScheme;
}

const schemes: Readonly<Record<PermitMethod, PermitScheme>> = { permit2: "exact", upto: "upto" };

/**
 * Pays a challenge by Permit2, as leniently as other payments are made. The payer must have given Permit2 its allowance.
 *
 * @throws Unproven when nothing in the challenge can be paid so on the run's chain, or the run's budget is used up
 */
export async function makePermitPayment(
  context: RunContext,
  payer: LocalAccount,
  challenge: JsonObject,
  dialect: Dialect,
  method: PermitMethod,
  change: PermitChange = {},
): Promise<PermitPayment> {
  const terms = payableTerms(context, challenge, dialect, method);
  const { validAfter, validBefore } = await lifetime(context, terms);
  const facilitator = facilitatorIn(terms.entry) ?? context.sandbox.accounts.facilitator.address;
  const honest = {
    permitted: { token: context.sandbox.asset, amount: terms.amount },
    deadline: validBefore,
    witness: { to: terms.payTo, facilitator, validAfter },
  };
  const signed = await signChangedPermit(context, payer, change.scheme ?? schemes[method], honest, change);
  const envelope = dialect.envelope({
    challenge,
    accepted: (change.accepted ?? same)(terms.entry),
    payload: permitPayload(signed),
  });
  return {
    ...present(context, terms, dialect, envelope, change),
    ...signed,
    method,
    id: String(signed.permit.nonce),
  };
}

/** Who is to settle `upto`, as the challenge says (upto on EVM, §2). */
export function facilitatorIn(entry: AcceptsEntry): Address | undefined {
  const address = field(field(entry, "extra"), "facilitatorAddress");
  return typeof address === "string" && isAddress(address, { strict: false }) ? address : undefined;
}
