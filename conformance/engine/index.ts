/** The door of the engine: how cases are declared and run, whatever is judged. Nothing here knows Vitest. */

export type { Authorization } from "../oracles/authorization.ts";
export { givesAway } from "../oracles/content.ts";
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
  decodeBase64Text,
  describeJson,
  encodeBase64Text,
  field,
  isJsonObject,
  isPadded,
  type Json,
  type JsonObject,
  objectOf,
  parseJson,
  probableNetwork,
  readChallenge,
  v1NameOf,
} from "../oracles/wire/index.ts";
export { type AdminClient, openAdmin } from "./admin-client.ts";
export type {
  Actor,
  CaseFacts,
  CaseOf,
  CaseVersion,
  ScriptOf,
} from "./case.ts";
export { caseTimeout } from "./case-timeout.ts";
export { type Dialect, dialects } from "./dialect.ts";
export type {
  ErrandRecord,
  ExchangeRecord,
  FacilitatorCallRecord,
  PayerAccount,
  RecordedHeader,
  TransferRecord,
} from "./evidence.ts";
export { Exchange } from "./exchange.ts";
export { Difference, Finding, NotApplicable, Unproven, Unserved } from "./finding.ts";
export { labelAlone, newsOfSecondAttempts, type Pace } from "./judge-in-turns.ts";
export { judgedVersion, planRun, type Selection } from "./plan.ts";
export type { RunBasics } from "./run-basics.ts";
export { runCases } from "./run-cases.ts";
export { authorizationLead } from "./signing.ts";
export { type Bench, defineSuite, type OpenSuite, type Premise, type Suite } from "./suite.ts";
export type { CaseResult, Status } from "./verdict.ts";
