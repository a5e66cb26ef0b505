/** The door of the engine for cases that judge facilitators. */
export { trying } from "../trying.ts";
export { expectResolved, expectVerified, leavePending } from "./asking-again.ts";
export { facilitatorAuditId } from "./audit.ts";
export { facilitatorBench, facilitatorRemedies } from "./bench.ts";
export type { Breakage } from "./breakage.ts";
export { type Case, defineCase, type FacilitatorNeed } from "./case.ts";
export {
  couldNotTell,
  eachSpentItsOwn,
  isToldPending,
  movedAtMost,
  oneTransferAmong,
  payerIsNotBlamed,
  pending,
  settledWithAllowance,
  spentItsOwn,
  tellsOfDebits,
  truthful,
} from "./chain-checks.ts";
export {
  accepted,
  httpStatus,
  isObject,
  moved,
  noServerError,
  nothingBroadcast,
  reasonOf,
  refused,
  replies,
  settledOrRefused,
  survived,
  told,
} from "./checks.ts";
export { openFacilitatorContext } from "./context.ts";
export type { Endpoint } from "./correspondence.ts";
export type { Merchant } from "./merchant.ts";
export type { Order, OrderChange } from "./order.ts";
export type { AnyOrder, PermitChange } from "./permit-order.ts";
export { type Cause, reasons } from "./reasons.ts";
export type { RepliesCheck, Reply, ReplyCheck } from "./reply.ts";
export { tellsNothing } from "./secrecy-checks.ts";
export type { FacilitatorRunSetup, FacilitatorSetup } from "./setup.ts";
export type { SponsoredChange } from "./sponsored-order.ts";
export { judgedVersions, listedVersions, listsNetwork, networkNameIn } from "./versions.ts";
