/**
 * The error codes of x402 v2 §9, in the spec's own spelling, with what each means to the person who meets it.
 * `invalidReason` of a VerifyResponse and `errorReason` of a SettleResponse hold one of these.
 */
const general = {
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

/**
 * The codes of payments by Permit2: as exact and upto on EVM spell them or, where these give none, as the official
 * packages do.
 */
const ofPermit2 = {
  PERMIT2_ALLOWANCE_REQUIRED: "The payer has to allow Permit2 to take the asset out of its account.",
  invalid_permit2_signature: "The signature is not the payer's for this permit.",
  invalid_permit2_spender: "The permit is for another spender than x402's proxy.",
  invalid_permit2_recipient_mismatch: "The permit pays somebody else than payTo.",
  permit2_amount_mismatch: "The permitted amount is not the required one.",
  permit2_token_mismatch: "The permit is for another token than the asset.",
  permit2_deadline_expired: "The permit has expired (deadline).",
  permit2_not_yet_valid: "The permit is not valid yet (witness.validAfter).",
  invalid_eip2612_extension_format: "The permit by which the payer allows Permit2 the amount is malformed.",
  eip2612_from_mismatch: "The permit by which Permit2 is allowed the amount is another's than the payer's.",
  eip2612_asset_mismatch:
    "The permit by which Permit2 is allowed the amount is for another token than the asset.",
  eip2612_spender_not_permit2:
    "The permit by which the payer allows the amount allows it another than Permit2.",
  eip2612_deadline_expired: "The permit by which the payer allows Permit2 the amount has expired (deadline).",
  permit2_2612_amount_mismatch: "The payer allows Permit2 another amount than it permits to be paid.",
  upto_facilitator_mismatch: "The permit names another facilitator.",
  invalid_upto_evm_payload_settlement_exceeds_amount: "More is charged than was permitted.",
} as const;

/** Every code that is given here, with what it means. */
export const errorReasons = { ...general, ...ofPermit2 } as const;

/** One of these codes. */
export type ErrorReason = keyof typeof errorReasons;

/** Whether it is a code of x402 v2 §9, and not of one way to pay. */
export function isGeneralReason(code: string): code is keyof typeof general {
  return Object.hasOwn(general, code);
}
