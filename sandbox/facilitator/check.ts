import type { Address } from "viem";
import type { ErrorReason, FacilitatorRequest, Network } from "../protocol/index.ts";
import type { ChainFacts } from "./chain-facts.ts";
import { amount, recipient } from "./checks/payment.ts";
import {
  permit2Allowance,
  permit2Amount,
  permit2Expired,
  permit2Facilitator,
  permit2NotYetValid,
  permit2Recipient,
  permit2Spender,
  permit2Token,
} from "./checks/permit2.ts";
import { accepted, acceptedAmount, method, network, payTo, scheme } from "./checks/request.ts";
import {
  sponsoredAmount,
  sponsoredAsset,
  sponsoredExpired,
  sponsoredPayer,
  sponsoredSpender,
} from "./checks/sponsored-permit.ts";
import { asset, balance, expired, nonceUnused, notYetValid, signature } from "./checks/state.ts";
import type { AuthorizedPayment, Payment, PermittedPayment, Phase } from "./payment.ts";

/** Why a payment is refused: a code of x402 v2 §9 and a sentence for a person. */
export interface Refusal {
  readonly code: ErrorReason;
  readonly message: string;
}

/** One rule: what is wrong with the subject, if anything, and the code to refuse it with. */
export interface Check<Subject> {
  readonly name: string;
  readonly code: ErrorReason;
  /** The complaint, or `undefined` when there is none. */
  check(subject: Subject): string | undefined;
}

/** A request as a whole, before its payload is looked into, and the network that is served here. */
export interface RequestSubject {
  readonly request: FacilitatorRequest;
  readonly network: Network;
  readonly phase: Phase;
}

/** A payment together with what its chain says. */
export interface StateSubject<P extends Payment = Payment> {
  readonly payment: P;
  readonly facts: ChainFacts;
  /** The account that would settle it. */
  readonly settler: Address;
}

/** Every rule of the schemes exact and upto on EVM, in the order in which a fault is reported. */
export interface FacilitatorChecks {
  /** Ahead of the payload: is this a payment for us, and do its two halves agree? */
  readonly request: readonly Check<RequestSubject>[];
  /** Within a payment by EIP-3009: does the payer sign what is demanded? */
  readonly payment: readonly Check<AuthorizedPayment>[];
  /** The same against the chain: can the authorization be spent now? */
  readonly state: readonly Check<StateSubject>[];
  /** Both, of a payment by Permit2, in the order that exact on EVM prescribes (§2, phase 3). */
  readonly permit2: readonly Check<StateSubject<PermittedPayment>>[];
}

/**
 * The rules of the reference facilitator. Version, shapes and the EIP-712 domain are checked where the request is
 * parsed; what only the token knows (paused, blacklisted) is left to the simulation.
 */
export const facilitatorChecks: FacilitatorChecks = {
  request: [
    { name: "scheme", code: "unsupported_scheme", check: scheme },
    { name: "accepted scheme", code: "invalid_scheme", check: accepted("scheme") },
    { name: "network", code: "invalid_network", check: network },
    { name: "accepted network", code: "invalid_network", check: accepted("network") },
    { name: "payTo", code: "invalid_payment_requirements", check: payTo },
    { name: "accepted asset", code: "invalid_payload", check: accepted("asset") },
    { name: "accepted amount", code: "invalid_payload", check: acceptedAmount },
    { name: "accepted payTo", code: "invalid_payload", check: accepted("payTo") },
    { name: "method", code: "invalid_payload", check: method },
  ],
  payment: [
    { name: "recipient", code: "invalid_exact_evm_payload_recipient_mismatch", check: recipient },
    { name: "amount", code: "invalid_exact_evm_payload_authorization_value_mismatch", check: amount },
  ],
  state: [
    { name: "asset", code: "invalid_payment_requirements", check: asset },
    { name: "signature", code: "invalid_exact_evm_payload_signature", check: signature },
    { name: "expired", code: "invalid_exact_evm_payload_authorization_valid_before", check: expired },
    {
      name: "not yet valid",
      code: "invalid_exact_evm_payload_authorization_valid_after",
      check: notYetValid,
    },
    { name: "nonce unused", code: "invalid_transaction_state", check: nonceUnused },
    { name: "balance", code: "insufficient_funds", check: balance },
  ],
  permit2: [
    { name: "asset", code: "invalid_payment_requirements", check: asset },
    { name: "signature", code: "invalid_permit2_signature", check: signature },
    { name: "sponsored payer", code: "eip2612_from_mismatch", check: sponsoredPayer },
    { name: "sponsored asset", code: "eip2612_asset_mismatch", check: sponsoredAsset },
    { name: "sponsored spender", code: "eip2612_spender_not_permit2", check: sponsoredSpender },
    { name: "sponsored amount", code: "permit2_2612_amount_mismatch", check: sponsoredAmount },
    { name: "sponsored deadline", code: "eip2612_deadline_expired", check: sponsoredExpired },
    { name: "allowance", code: "PERMIT2_ALLOWANCE_REQUIRED", check: permit2Allowance },
    { name: "balance", code: "insufficient_funds", check: balance },
    { name: "amount", code: "permit2_amount_mismatch", check: permit2Amount("exact") },
    {
      name: "upto amount",
      code: "invalid_upto_evm_payload_settlement_exceeds_amount",
      check: permit2Amount("upto"),
    },
    { name: "expired", code: "permit2_deadline_expired", check: permit2Expired },
    { name: "not yet valid", code: "permit2_not_yet_valid", check: permit2NotYetValid },
    { name: "token", code: "permit2_token_mismatch", check: permit2Token },
    { name: "spender", code: "invalid_permit2_spender", check: permit2Spender },
    { name: "recipient", code: "invalid_permit2_recipient_mismatch", check: permit2Recipient },
    { name: "facilitator", code: "upto_facilitator_mismatch", check: permit2Facilitator },
    { name: "nonce unused", code: "invalid_transaction_state", check: nonceUnused },
  ],
};

/** The first complaint of a list of checks. */
export function firstRefusal<Subject>(
  checks: readonly Check<Subject>[],
  subject: Subject,
): Refusal | undefined {
  for (const { code, check } of checks) {
    const message = check(subject);
    if (message !== undefined) return { code, message };
  }
  return undefined;
}
