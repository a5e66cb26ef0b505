import { createHash } from "node:crypto";
import { type Address, getAddress, type Hex } from "viem";
import {
  type Authorization,
  type FacilitatorRequest,
  type Network,
  type Parsed,
  type PaymentPayload,
  type PaymentRequirements,
  parseExactEvmPayload,
  refused,
  type TokenDomain,
  tokenDomain,
  understood,
} from "../protocol/index.ts";
import { type Check, type FacilitatorChecks, firstRefusal } from "./check.ts";

/** An EIP-3009 authorization with its numbers as numbers: atomic units and Unix seconds. */
export interface SignedAuthorization {
  readonly from: Address;
  readonly to: Address;
  readonly value: bigint;
  readonly validAfter: bigint;
  readonly validBefore: bigint;
  readonly nonce: Hex;
}

/** What makes an authorization the only one of its kind: the token will accept one transfer for it. */
export interface AuthorizationKey {
  readonly network: Network;
  readonly asset: string;
  readonly from: string;
  readonly nonce: string;
}

/** An authorization's key as one string. */
export function nameOf({ network, asset, from, nonce }: AuthorizationKey): string {
  return [network, asset, from, nonce].join("|");
}

/** A payment that was understood: what is demanded, and what the payer signed. */
export interface Payment {
  readonly requirements: PaymentRequirements;
  readonly domain: TokenDomain;
  readonly authorization: SignedAuthorization;
  /** The authorization as it came over the wire. */
  readonly wire: Authorization;
  readonly signature: Hex;
  readonly key: AuthorizationKey;
  /** What it was for, and what its seller declared of that, by way of the buyer. */
  readonly declared: Pick<PaymentPayload, "resource" | "extensions">;
  /** Digest of the authorization and its signature: equal for the same payment sent again, whatever surrounds it. */
  readonly fingerprint: string;
}

/**
 * Reads the payment of a `/verify` or `/settle` and holds what the request says against itself and against what is
 * served here. Needs no chain. The checks of a request come before the payload is looked into, because a payload of an unknown
 * scheme has an unknown shape.
 */
export function readPayment(
  request: FacilitatorRequest,
  network: Network,
  checks: FacilitatorChecks,
): Parsed<Payment> {
  const unacceptable = refusedBy(checks.request, { request, network });
  if (unacceptable) return unacceptable;
  const payment = parsePayment(request, network);
  if (!payment.ok) return payment;
  return refusedBy(checks.payment, payment.value) ?? payment;
}

function refusedBy<Subject>(checks: readonly Check<Subject>[], subject: Subject): Parsed<never> | undefined {
  const refusal = firstRefusal(checks, subject);
  return refusal && refused(refusal.code, refusal.message);
}

function parsePayment(request: FacilitatorRequest, network: Network): Parsed<Payment> {
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
  const key = {
    network,
    asset: requirements.asset.toLowerCase(),
    from: wire.from.toLowerCase(),
    nonce: wire.nonce.toLowerCase(),
  };
  const { resource, extensions } = paymentPayload;
  return understood({
    requirements,
    domain: domain.value,
    authorization,
    wire,
    signature,
    key,
    declared: { resource, extensions },
    fingerprint: fingerprintOf(key, authorization, signature),
  });
}

function fingerprintOf(key: AuthorizationKey, authorization: SignedAuthorization, signature: Hex): string {
  const { to, value, validAfter, validBefore } = authorization;
  const signed = [nameOf(key), to, value, validAfter, validBefore, signature.toLowerCase()];
  return createHash("sha256").update(signed.join("|")).digest("hex");
}
