import { type ErrorReason, isGeneralReason } from "../error-reasons.ts";

/** The codes of v2 that v1 spells otherwise, or has none for. */
const otherwiseInV1 = new Map<ErrorReason, string>([
  ["invalid_exact_evm_payload_authorization_value_mismatch", "invalid_exact_evm_payload_authorization_value"],
  ["settlement_pending", "unexpected_settle_error"],
]);

/**
 * A code of x402 v2 §9 as v1 knows it. v1's own programs throw at a code outside their list (`ErrorReasons` of `x402`
 * 1.2.0), so one that is not in v2's §9 either becomes `otherwise`.
 */
export function v1ErrorReason(code: string, otherwise: string): string {
  return isGeneralReason(code) ? (otherwiseInV1.get(code) ?? code) : otherwise;
}
