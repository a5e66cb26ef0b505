/** The door of the seller suite's engine: a buyer, what it sees, and what it holds that against. */

export { challengesIn } from "../../oracles/mcp.ts";
export { asDifference, hinting, trying, whileStill } from "../trying.ts";
export { auditId } from "./audit.ts";
export { sellerBench } from "./bench.ts";
export { type Case, defineCase, type Script } from "./case.ts";
export { isChargedNothing, toldCharge } from "./charge.ts";
export { openContext, type RunContext } from "./context.ts";
export * from "./either-way.ts";
export * from "./expectations.ts";
export type { Goods } from "./goods.ts";
export { servedOrWhyNot } from "./not-taken.ts";
export type { Check, GroupCheck, Observed } from "./observed.ts";
export { isAnsweredByProxy } from "./outage.ts";
export { type Payment, type PaymentChange, type PresentedPayment, rewrapped } from "./payment.ts";
export { type AnyPayment, facilitatorIn, type PermitChange, type PermitPayment } from "./permit-payment.ts";
export { requireNoLimit } from "./rate-limit.ts";
export {
  type ApiRequest,
  type Need,
  type OptionalRequest,
  onWire,
  remedies,
  type SellerRequests,
} from "./request.ts";
export { firstBuyer, type Sale } from "./sale.ts";
export * from "./settled.ts";
export type { RunSetup, SubjectSetup } from "./setup.ts";
export { type ProofChange, signInHeader, signInOffer } from "./sign-in.ts";
export { isSignedUnder, methodsIn, type PaymentMethod, type PermitMethod, uptoEntryIn } from "./terms.ts";
export type { Trader } from "./trader.ts";
export * from "./withheld.ts";
