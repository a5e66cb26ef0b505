/**
 * What came over the wire, read by a decoder of our own: a judge that shares its codec with the judged would repeat
 * its mistakes. Imports nothing of the sandbox.
 */
export { decodeBase64Text, encodeBase64Text, type HeaderText, isPadded } from "./base64.ts";
export { explained, isBrokenHeader } from "./broken-header.ts";
export {
  type AcceptsEntry,
  acceptsEntries,
  type ChallengeReading,
  readChallenge,
  readChallengeV1,
} from "./challenge.ts";
export { diagnose } from "./diagnosis.ts";
export { addressInCaip19, diagnoseAsset, diagnosePrice } from "./entry-diagnosis.ts";
export {
  type KeptConnection,
  keepConnection,
  type NoAnswer,
  type Sending,
  sendOverWire,
  type WireAnswer,
  type WireRequest,
} from "./http.ts";
export {
  describeJson,
  field,
  isJsonObject,
  type Json,
  type JsonObject,
  objectOf,
  parseJson,
} from "./json.ts";
export { probableNetwork, v1NameOf, v1Networks } from "./networks.ts";
export { type PaymentReading, readPayment } from "./payment.ts";
export { type ReceiptReading, readReceipt, readReceiptV1 } from "./receipt.ts";
