/** Why a facilitator refuses, as far as the specification has a code for it. */
export type Cause = keyof typeof reasons;

/**
 * The codes for each cause: first the specification's own (x402 v2 §9), then what implementations in use say instead.
 * A refusal with a code of the second kind, or an unknown one, is a difference; only a payment that is not refused is
 * a failure.
 */
export const reasons = {
  signature: {
    spec: ["invalid_exact_evm_payload_signature"],
    inUse: ["invalid_exact_evm_signature", "invalid_exact_evm_payload_undeployed_smart_wallet"],
  },
  recipient: {
    spec: ["invalid_exact_evm_payload_recipient_mismatch"],
    inUse: ["invalid_exact_evm_recipient_mismatch"],
  },
  amount: {
    spec: [
      "invalid_exact_evm_payload_authorization_value_mismatch",
      "invalid_exact_evm_payload_authorization_value",
    ],
    inUse: ["invalid_exact_evm_authorization_value"],
  },
  expired: { spec: ["invalid_exact_evm_payload_authorization_valid_before"], inUse: [] },
  "not yet valid": { spec: ["invalid_exact_evm_payload_authorization_valid_after"], inUse: [] },
  funds: {
    spec: ["insufficient_funds"],
    inUse: ["invalid_exact_evm_insufficient_balance", "invalid_exact_evm_insufficient_funds"],
  },
  network: {
    spec: ["invalid_network"],
    inUse: ["invalid_exact_evm_network_mismatch", "network_mismatch", "no_facilitator_for_network"],
  },
  scheme: {
    spec: ["invalid_scheme", "unsupported_scheme"],
    inUse: ["invalid_exact_evm_scheme"],
  },
  version: { spec: ["invalid_x402_version"], inUse: ["invalid_version"] },
  payload: { spec: ["invalid_payload"], inUse: ["invalid_exact_evm_payload", "unsupported_payload_type"] },
  requirements: {
    spec: ["invalid_payment_requirements"],
    inUse: ["invalid_exact_evm_missing_eip712_domain", "missing_eip712_domain"],
  },
  asset: { spec: ["asset_not_deployed_contract", "invalid_payment_requirements"], inUse: [] },
  "permit signature": { spec: ["invalid_permit2_signature"], inUse: ["invalid_signature"] },
  allowance: { spec: ["PERMIT2_ALLOWANCE_REQUIRED"], inUse: ["permit2_allowance_required"] },
  "permit amount": { spec: ["permit2_amount_mismatch"], inUse: ["permit2_invalid_amount"] },
  "permit expired": { spec: ["permit2_deadline_expired"], inUse: [] },
  "permit not yet valid": { spec: ["permit2_not_yet_valid"], inUse: ["permit2_payment_too_early"] },
  "permit token": { spec: ["permit2_token_mismatch"], inUse: [] },
  spender: { spec: ["invalid_permit2_spender"], inUse: [] },
  "permit recipient": { spec: ["invalid_permit2_recipient_mismatch"], inUse: [] },
  "permit funds": { spec: ["insufficient_funds"], inUse: ["permit2_insufficient_balance"] },
  charge: {
    spec: ["invalid_upto_evm_payload_settlement_exceeds_amount"],
    inUse: ["upto_amount_exceeds_permitted"],
  },
  "permit facilitator": {
    spec: ["upto_facilitator_mismatch"],
    inUse: ["upto_unauthorized_facilitator"],
  },
  state: { spec: ["invalid_transaction_state"], inUse: ["invalid_exact_evm_transaction_failed"] },
} as const satisfies Record<string, { readonly spec: readonly string[]; readonly inUse: readonly string[] }>;
