/** The door of the client suite's engine: a shop that sends clients on errands, and what it sees of them. */

export { isOfMathRandom } from "../../oracles/math-random.ts";
export { type PermitScheme, permit2Address, permit2Proxies } from "../../oracles/permit2.ts";
export type { ReceivedPermit } from "../../oracles/received-permit.ts";
export { signatureFault } from "../../oracles/signature-shape.ts";
export { worthlessToken } from "../on-chain.ts";
export { clientAuditId } from "./audit.ts";
export { clientBench } from "./bench.ts";
export {
  type Case,
  defineCase,
  defineFormCase,
  type Need,
  remedies,
} from "./case.ts";
export {
  asksAgain,
  type Conduct,
  delivers,
  fails,
  hangsUp,
  movesAway,
  movesWithin,
  type PaidAnswer,
  staysSilent,
} from "./conduct.ts";
export { type ClientContext, openClientContext } from "./context.ts";
export { allowanceRequired } from "./counter.ts";
export type { Demand } from "./demand.ts";
export type { ClientUnderTest, Errand, Outcome, Traffic } from "./errand.ts";
export * from "./every-payment.ts";
export * from "./expectations.ts";
export type { Check, Observed } from "./observed.ts";
export { validityOf } from "./permits.ts";
export { wasThere } from "./presence.ts";
export { boundsOf, type Received, type RequestText, type SeenPayment } from "./received.ts";
export type { ClientRunSetup, ClientSubjectSetup } from "./setup.ts";
export { price, type Shop } from "./shop.ts";
export { hintAt, secondOf, timeFault, type Validity } from "./validity.ts";
export { paymentsOf, told, words } from "./words.ts";
