import { createHash } from "node:crypto";
import { type Address, getAddress, type Hex, toHex } from "viem";
import {
  type Authorization,
  addressSchema,
  type ExactPermit2Authorization,
  evmChainId,
  type FacilitatorRequest,
  type Network,
  type Parsed,
  type PaymentPayload,
  type PaymentRequirements,
  parseExactEvmPayload,
  parseExactPermit2Payload,
  parseUptoPermit2Payload,
  parseWith,
  permit2Address,
  refused,
  type TokenDomain,
  tokenDomain,
  type UptoPermit2Authorization,
  understood,
} from "../protocol/index.ts";
import { type Check, type FacilitatorChecks, firstRefusal } from "./check.ts";
import { type AllowancePermit, allowancePermitIn } from "./sponsored-permit.ts";

/** A transfer as its payer signed for it, with its numbers as numbers: atomic units and Unix seconds. */
export interface SignedAuthorization {
  readonly from: Address;
  readonly to: Address;
  readonly value: bigint;
  readonly validAfter: bigint;
  readonly validBefore: bigint;
  readonly nonce: Hex;
}

/** What makes an authorization the only one of its kind: there will be one transfer for it. */
export interface AuthorizationKey {
  readonly network: Network;
  /** The contract that keeps the nonce: the token, or Permit2. */
  readonly asset: string;
  readonly from: string;
  readonly nonce: string;
}

/** An authorization's key as one string. */
export function nameOf({ network, asset, from, nonce }: AuthorizationKey): string {
  return [network, asset, from, nonce].join("|");
}

/** What is known of a payment that was understood, however it is signed. */
interface PaymentFacts {
  readonly requirements: PaymentRequirements;
  /** The token that is paid with. */
  readonly asset: Address;
  /** What is to be transferred, with the bounds that the payer signed. */
  readonly authorization: SignedAuthorization;
  readonly signature: Hex;
  readonly key: AuthorizationKey;
  /** What it was for, and what its seller declared of that, by way of the buyer. */
  readonly declared: Pick<PaymentPayload, "resource" | "extensions">;
  /** Digest of what is to be transferred and the signature: equal for the same payment sent again, whatever surrounds it. */
  readonly fingerprint: string;
}

/** A payment that the token itself makes (EIP-3009). */
export interface AuthorizedPayment extends PaymentFacts {
  readonly method: "eip3009";
  readonly domain: TokenDomain;
  /** The authorization as it came over the wire. */
  readonly wire: Authorization;
}

interface PermitFacts extends PaymentFacts {
  readonly method: "permit2";
  /** What is asked for: of `upto`, the amount is a bound when it is verified, and what is charged when it is settled. */
  readonly phase: Phase;
  readonly chainId: number;
  /** The most that may be transferred. */
  readonly permitted: bigint;
  /** By which the payer allows Permit2 the amount, where it brings one (eip2612GasSponsoring). */
  readonly sponsored?: AllowancePermit;
}

/** A permit as it came over the wire: what it binds differs by scheme. */
type SchemePermit =
  | { readonly scheme: "exact"; readonly wire: ExactPermit2Authorization }
  | { readonly scheme: "upto"; readonly wire: UptoPermit2Authorization };

/** A payment that Permit2 makes. Its `authorization.validBefore` is the deadline, in which it is still valid. */
export type PermittedPayment = PermitFacts & SchemePermit;

/** A payment that was understood: what is demanded, and what the payer signed. */
export type Payment = AuthorizedPayment | PermittedPayment;

/** Which call a payment came with. */
export type Phase = "verify" | "settle";

/**
 * Reads the payment of a `/verify` or `/settle` and holds what the request says against itself and against what is
 * served here. Needs no chain. The checks of a request come before the payload is looked into, because a payload of an unknown
 * scheme has an unknown shape. What Permit2 makes is held against the chain first (exact on EVM, §2, phase 3).
 */
export function readPayment(
  request: FacilitatorRequest,
  network: Network,
  checks: FacilitatorChecks,
  phase: Phase,
): Parsed<Payment> {
  const unacceptable = refusedBy(checks.request, { request, network, phase });
  if (unacceptable) return unacceptable;
  const payment = isByPermit2(request)
    ? parsePermitted(request, network, phase)
    : parseAuthorized(request, network);
  if (!payment.ok || payment.value.method === "permit2") return payment;
  return refusedBy(checks.payment, payment.value) ?? payment;
}

/** `upto` is paid by Permit2 only; with `exact`, the payload shows it. */
function isByPermit2({ paymentPayload, paymentRequirements }: FacilitatorRequest): boolean {
  return paymentRequirements.scheme === "upto" || "permit2Authorization" in paymentPayload.payload;
}

function refusedBy<Subject>(checks: readonly Check<Subject>[], subject: Subject): Parsed<never> | undefined {
  const refusal = firstRefusal(checks, subject);
  return refusal && refused(refusal.code, refusal.message);
}

function parseAuthorized(request: FacilitatorRequest, network: Network): Parsed<Payment> {
  const { paymentPayload, paymentRequirements: requirements } = request;
  const domain = tokenDomain(requirements);
  if (!domain.ok) return domain;
  const payload = parseExactEvmPayload(paymentPayload.payload);
  if (!payload.ok) return payload;
  const { authorization: wire, signature } = payload.value;
  const authorization = {
    from: getAddress(wire.from),
    to: getAddress(wire.to),
    value: BigInt(wire.value),
    validAfter: BigInt(wire.validAfter),
    validBefore: BigInt(wire.validBefore),
    nonce: wire.nonce,
  };
  const asset = domain.value.verifyingContract;
  const key = keyOf(network, asset, authorization);
  return understood({
    method: "eip3009",
    requirements,
    asset,
    domain: domain.value,
    authorization,
    wire,
    signature,
    key,
    declared: declaredIn(paymentPayload),
    fingerprint: fingerprintOf(key, authorization, signature),
  });
}

/** The nonce is kept by Permit2, for all tokens of its owner. What is transferred is what is demanded. */
function parsePermitted(request: FacilitatorRequest, network: Network, phase: Phase): Parsed<Payment> {
  const { paymentPayload, paymentRequirements: requirements } = request;
  const asset = parseWith(addressSchema, requirements.asset, "invalid_payment_requirements");
  if (!asset.ok) return refused("invalid_payment_requirements", `asset: ${asset.error.message}`, "asset");
  const chainId = evmChainId(network);
  if (chainId === undefined)
    return refused("invalid_network", `network: ${network} has no Permit2`, "network");
  const permit = parsePermit(requirements.scheme, paymentPayload.payload);
  if (!permit.ok) return permit;
  const sponsored = allowancePermitIn(paymentPayload.extensions);
  if (!sponsored.ok) return sponsored;
  const { wire, signature } = permit.value;
  const authorization = {
    from: getAddress(wire.from),
    to: getAddress(wire.witness.to),
    value: BigInt(requirements.amount),
    validAfter: BigInt(wire.witness.validAfter),
    validBefore: BigInt(wire.deadline),
    nonce: toHex(BigInt(wire.nonce), { size: 32 }),
  };
  const key = keyOf(network, permit2Address, authorization);
  return understood({
    method: "permit2",
    ...permit.value,
    phase,
    requirements,
    asset: getAddress(asset.value),
    chainId,
    permitted: BigInt(wire.permitted.amount),
    ...(sponsored.value && { sponsored: sponsored.value }),
    authorization,
    key,
    declared: declaredIn(paymentPayload),
    // What was settled answers nobody who demands something else: these are held against the permit later.
    fingerprint: fingerprintOf(key, authorization, signature, requirements.payTo, asset.value),
  });
}

function parsePermit(scheme: string, payload: unknown): Parsed<SchemePermit & { readonly signature: Hex }> {
  if (scheme === "upto") {
    const parsed = parseUptoPermit2Payload(payload);
    if (!parsed.ok) return parsed;
    const { permit2Authorization: wire, signature } = parsed.value;
    return understood({ scheme: "upto", wire, signature });
  }
  const parsed = parseExactPermit2Payload(payload);
  if (!parsed.ok) return parsed;
  const { permit2Authorization: wire, signature } = parsed.value;
  return understood({ scheme: "exact", wire, signature });
}

function keyOf(
  network: Network,
  keeper: Address,
  { from, nonce }: Pick<SignedAuthorization, "from" | "nonce">,
): AuthorizationKey {
  return {
    network,
    asset: keeper.toLowerCase(),
    from: from.toLowerCase(),
    nonce: nonce.toLowerCase(),
  };
}

function declaredIn({ resource, extensions }: PaymentPayload): PaymentFacts["declared"] {
  return { resource, extensions };
}

function fingerprintOf(
  key: AuthorizationKey,
  authorization: SignedAuthorization,
  signature: Hex,
  ...demanded: readonly string[]
): string {
  const { to, value, validAfter, validBefore } = authorization;
  const signed = [nameOf(key), to, value, validAfter, validBefore, signature.toLowerCase()];
  const all = [...signed, ...demanded.map((address) => address.toLowerCase())];
  return createHash("sha256").update(all.join("|")).digest("hex");
}
