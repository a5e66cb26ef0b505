/**
 * The error codes of x402 v2 §9, in the spec's own spelling, with what each means to the person who meets it.
 * `invalidReason` of a VerifyResponse and `errorReason` of a SettleResponse hold one of these.
 */
export const errorReasons = {
  insufficient_funds: "The payer holds less of the asset than the payment needs.",
  invalid_exact_evm_payload_authorization_valid_after: "The authorization is not valid yet (validAfter).",
  invalid_exact_evm_payload_authorization_valid_before: "The authorization has expired (validBefore).",
  invalid_exact_evm_payload_authorization_value_mismatch: "The signed value is not the required amount.",
  invalid_exact_evm_payload_signature: "The signature is not the payer's for this authorization and token.",
  invalid_exact_evm_payload_recipient_mismatch: "The authorization pays somebody else than payTo.",
  invalid_network: "The network is unknown here, or differs from the required one.",
  invalid_payload: "The payment payload is malformed.",
  invalid_payment_requirements: "The payment requirements are malformed.",
  invalid_scheme: "The accepted scheme differs from the required one.",
  unsupported_scheme: "The payment scheme is not supported here.",
  invalid_x402_version: "The x402 version is not supported here.",
  invalid_transaction_state: "The transfer failed on chain, or can no longer happen.",
  unexpected_verify_error: "The payment could not be checked.",
  unexpected_settle_error: "The payment could not be settled.",
  settlement_pending:
    "The transfer was sent and its outcome is not known yet: settle the same payload again.",
} as const;

/** One of the codes of x402 v2 §9. */
export type ErrorReason = keyof typeof errorReasons;
