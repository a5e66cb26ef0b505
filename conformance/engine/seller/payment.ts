import type { Address, LocalAccount } from "viem";
import type { AuthorizationDomain } from "../../oracles/authorization.ts";
import { identifierIn } from "../../oracles/extensions/index.ts";
import {
  type AcceptsEntry,
  decodeBase64Text,
  encodeBase64Text,
  field,
  isJsonObject,
  type Json,
  type JsonObject,
  parseJson,
} from "../../oracles/wire/index.ts";
import type { Dialect } from "../dialect.ts";
import {
  authorizationLead,
  exactPayload,
  type Signed,
  type SigningChange,
  same,
  signChanged,
} from "../signing.ts";
import type { RunContext } from "./context.ts";
import { flowOf, isSound, type PaymentMethod, payableTerms, type Terms } from "./terms.ts";

/** One thing to do differently from an honest payment. */
export interface PaymentChange extends SigningChange {
  /** Another copy of the terms in the envelope. */
  readonly accepted?: (entry: AcceptsEntry) => JsonObject;
  /** Another payload in the end: fields missing, of another type, of another protocol. */
  readonly envelope?: (envelope: JsonObject) => Json;
  /** Another header value in the end. */
  readonly header?: (value: string) => string;
}

/** A payment as it was made, however it is signed: the header to send, and what it pays. */
export interface PresentedPayment {
  /** The version that it is written in; says which header carries it. */
  readonly dialect: Dialect;
  readonly header: string;
  /** Whose payment it is, whatever it says. */
  readonly payer: Address;
  /** What tells it from the payer's other payments: its nonce, as it is written. */
  readonly id: string;
  /** The entry of the challenge that it pays. */
  readonly entry: AcceptsEntry;
  readonly method: PaymentMethod;
  /** What it pays; with `upto`, at most. */
  readonly amount: bigint;
  readonly payTo: Address;
  /** Whether the challenge gave everything that a payment needs, so that an honest one must be accepted. */
  readonly soundlyAsked: boolean;
  /** `extra.paymentFlow` of the entry; `authorization` without one. */
  readonly flow: string;
  /** The id it goes by (payment-identifier): sent again, it may get the same answer again. */
  readonly identifier: string | undefined;
}

/** A payment by EIP-3009. */
export interface Payment extends PresentedPayment, Signed {
  readonly method: "eip3009";
}

/**
 * Pays a challenge as the suite's own buyer: leniently, so that a flaw in one field of the challenge does not hide
 * everything that comes after it.
 *
 * @throws Unproven when nothing in the challenge can be paid on the run's chain, or the run's budget is used up
 */
export async function makePayment(
  context: RunContext,
  funded: LocalAccount,
  challenge: JsonObject,
  dialect: Dialect,
  change: PaymentChange = {},
): Promise<Payment> {
  const terms = payableTerms(context, challenge, dialect, "eip3009");
  const honest = {
    authorization: await honestAuthorization(context, terms),
    domain: honestDomain(context, terms.entry),
  };
  const signed = await signChanged(context.purse, funded, honest, change);
  const honestEnvelope = dialect.envelope({
    challenge,
    accepted: (change.accepted ?? same)(terms.entry),
    payload: exactPayload(signed),
  });
  return {
    ...present(context, terms, dialect, honestEnvelope, change),
    ...signed,
    method: "eip3009",
    id: signed.authorization.nonce,
  };
}

/** One thing to do differently when a payment is put into its envelope. */
export type EnvelopeChange = Pick<PaymentChange, "envelope" | "header">;

/** Puts a payment into its header. */
export function present(
  context: RunContext,
  { entry, amount, payTo }: Terms,
  dialect: Dialect,
  honest: JsonObject,
  change: EnvelopeChange,
): Omit<PresentedPayment, "payer" | "method" | "id"> {
  const envelope = (change.envelope ?? same<Json>)(honest);
  return {
    dialect,
    header: (change.header ?? same)(encodeBase64Text(JSON.stringify(envelope))),
    entry,
    amount,
    payTo,
    soundlyAsked: isSound(context, entry, dialect),
    flow: flowOf(entry),
    identifier: identifierIn(envelope),
  };
}

/**
 * The same authorization with the same signature in another envelope: nothing is signed anew.
 *
 * @throws Error when the payment's header holds no JSON object: a fault of the case
 */
export function rewrapped<P extends PresentedPayment>(
  payment: P,
  rewrap: (envelope: JsonObject) => JsonObject,
): P {
  const decoded = decodeBase64Text(payment.header);
  const envelope = decoded.kind === "text" ? parseJson(decoded.text) : undefined;
  if (envelope === undefined || !isJsonObject(envelope))
    throw new Error("The payment has no envelope to change.");
  return { ...payment, header: encodeBase64Text(JSON.stringify(rewrap(envelope))) };
}

async function honestAuthorization(context: RunContext, terms: Terms) {
  return { to: terms.payTo, value: terms.amount, ...(await lifetime(context, terms)) };
}

/** From when to when an honest payment is good, in Unix seconds. */
export async function lifetime(context: RunContext, terms: Pick<Terms, "maxTimeoutSeconds">) {
  const { timestamp } = await context.chain.getBlock({ blockTag: "pending" });
  const ours = BigInt(Math.floor(Date.now() / 1000));
  const byOurClock = ours + terms.maxTimeoutSeconds;
  const leavesTime = (byOurClock - timestamp) * 2n >= terms.maxTimeoutSeconds;
  return {
    // The chain may be ahead of the clock that the seller looks at.
    validAfter: (timestamp < ours ? timestamp : ours) - authorizationLead,
    // Where a case has moved the chain's clock, a seller may still hold it against its own.
    validBefore: leavesTime ? byOurClock : timestamp + terms.maxTimeoutSeconds,
  };
}

function honestDomain(context: RunContext, entry: AcceptsEntry): AuthorizationDomain {
  const extra = field(entry, "extra");
  const text = (key: "name" | "version") => {
    const value = field(extra, key);
    return typeof value === "string" ? value : context.tokenDomain[key];
  };
  return {
    name: text("name"),
    version: text("version"),
    chainId: context.sandbox.chainId,
    verifyingContract: context.sandbox.asset,
  };
}
