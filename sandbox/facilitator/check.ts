import type { ErrorReason, FacilitatorRequest, Network } from "../protocol/index.ts";
import type { ChainFacts } from "./chain-facts.ts";
import { amount, recipient } from "./checks/payment.ts";
import { accepted, network, payTo, scheme } from "./checks/request.ts";
import { asset, balance, expired, nonceUnused, notYetValid, signature } from "./checks/state.ts";
import type { Payment } from "./payment.ts";

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
}

/** A payment together with what its chain says. */
export interface StateSubject {
  readonly payment: Payment;
  readonly facts: ChainFacts;
}

/** Every rule of the exact scheme on EVM, in the order in which a fault is reported. */
export interface FacilitatorChecks {
  /** Ahead of the payload: is this a payment for us, and do its two halves agree? */
  readonly request: readonly Check<RequestSubject>[];
  /** Within the payment: does the payer sign what is demanded? */
  readonly payment: readonly Check<Payment>[];
  /** Against the chain: can the authorization be spent now? */
  readonly state: readonly Check<StateSubject>[];
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
    { name: "accepted amount", code: "invalid_payload", check: accepted("amount") },
    { name: "accepted payTo", code: "invalid_payload", check: accepted("payTo") },
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
