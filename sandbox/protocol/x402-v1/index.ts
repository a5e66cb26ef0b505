export { v1ErrorReason } from "./error-reasons.ts";
export { isFacilitatorRequestV1, parseFacilitatorRequestV1 } from "./facilitator-request.ts";
export { x402V1, x402V1Headers } from "./http.ts";
export { networkOfV1Name, v1NetworkName } from "./network-names.ts";
export * from "./schema.ts";
export {
  paymentFromV1,
  receiptToV1,
  requirementsFromV1,
  requirementsToV1,
  verificationToV1,
} from "./translate.ts";
