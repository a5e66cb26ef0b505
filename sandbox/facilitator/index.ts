/** The door of the facilitator: check → simulate → broadcast → confirm → record → advertise, and its HTTP server. */
export type { Sending, SettlementAccount } from "./account.ts";
export type { Receipt } from "./caller.ts";
export { type Catalogue, type CatalogueRules, catalogueRules } from "./catalogue/index.ts";
export {
  type Check,
  type FacilitatorChecks,
  facilitatorChecks,
  type Refusal,
  type RequestSubject,
  type StateSubject,
} from "./check.ts";
export type { Confirmation } from "./confirm.ts";
export {
  createFacilitator,
  type Facilitator,
  type FacilitatorOptions,
  type SettlementForSeller,
} from "./facilitator.ts";
export type { AuthorizationKey, Payment, SignedAuthorization } from "./payment.ts";
export type { SettlementRecord, SettlementRecords, SettlementState, SignedTransaction } from "./records.ts";
export type { FacilitatorCall, FacilitatorReply, InterceptCall } from "./server.ts";
export {
  type FacilitatorServerOptions,
  type RunningFacilitator,
  startFacilitator,
} from "./start-facilitator.ts";
export { type Desk, type FacilitatorSteps, facilitatorSteps } from "./steps.ts";
