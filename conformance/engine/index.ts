/** The door of the engine: how cases are declared and run. Nothing here knows Vitest. */
export {
  type AcceptsEntry,
  acceptsEntries,
  describeJson,
  encodeBase64Text,
  field,
  isJsonObject,
  type Json,
  type JsonObject,
  parseJson,
  probableNetwork,
  readChallenge,
  readReceipt,
} from "../oracles/wire/index.ts";
export { type AdminClient, openAdmin } from "./admin-client.ts";
export { auditId, auditRun } from "./audit.ts";
export { type Case, defineCase, type Script } from "./case.ts";
export { openContext, type RunContext } from "./context.ts";
export type { Check, GroupCheck, Observed } from "./exchange.ts";
export * from "./expectations.ts";
export { Finding, NotApplicable, Unproven } from "./finding.ts";
export type { Authorization, Payment, PaymentChange } from "./payment.ts";
export { planRun, type Selection } from "./plan.ts";
export { type ApiRequest, type Need, onWire, remedies, type SellerRequests } from "./request.ts";
export { runCase } from "./run-case.ts";
export { runCases } from "./run-cases.ts";
export type { RunSetup, SubjectSetup } from "./run-setup.ts";
export type { Sale } from "./sale.ts";
export type { Trader } from "./trader.ts";
export type { CaseResult, ExchangeRecord, PayerAccount, Status } from "./verdict.ts";
