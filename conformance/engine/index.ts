/** The door of the engine: how cases are declared and run. Nothing here knows Vitest. */

export type { Authorization } from "../oracles/authorization.ts";
export {
  type Artifact,
  offersIn,
  readSigned,
  type SignedReading,
  signedReceiptIn,
  withIdentifier,
} from "../oracles/extensions/index.ts";
export { holdAgainstSchema } from "../oracles/json-schema.ts";
export {
  type AcceptsEntry,
  acceptsEntries,
  describeJson,
  encodeBase64Text,
  field,
  isJsonObject,
  type Json,
  type JsonObject,
  objectOf,
  parseJson,
  probableNetwork,
  readChallenge,
  v1NameOf,
} from "../oracles/wire/index.ts";
export { type AdminClient, openAdmin } from "./admin-client.ts";
export { auditId } from "./audit.ts";
export type {
  Actor,
  CaseFacts,
  CaseOf,
  CaseVersion,
  ScriptOf,
} from "./case.ts";
export { openContext, type RunContext } from "./context.ts";
export { type Dialect, dialects } from "./dialect.ts";
export * from "./either-way.ts";
export type { Check, GroupCheck, Observed } from "./exchange.ts";
export * from "./expectations.ts";
export { Finding, NotApplicable, Unproven } from "./finding.ts";
export {
  authorizationLead,
  type Payment,
  type PaymentChange,
  rewrapped,
} from "./payment.ts";
export { judgedVersion, planRun, type Selection } from "./plan.ts";
export { type ApiRequest, type Need, onWire, remedies, type SellerRequests } from "./request.ts";
export { runCases } from "./run-cases.ts";
export type { RunBasics, RunSetup, SubjectSetup } from "./run-setup.ts";
export type { Sale } from "./sale.ts";
export { sellerBench } from "./seller-bench.ts";
export { type Case, defineCase, type Script } from "./seller-case.ts";
export { type ProofChange, signInHeader, signInOffer } from "./sign-in.ts";
export { type Bench, defineSuite, type OpenSuite, type Premise, type Suite } from "./suite.ts";
export type { Trader } from "./trader.ts";
export type { CaseResult, ExchangeRecord, PayerAccount, Status } from "./verdict.ts";
