import { decodeBase64Text } from "./base64.ts";
import type { WireAnswer } from "./http.ts";
import { describeJson, field, isJsonObject, type Json, type JsonObject, parseJson } from "./json.ts";

/**
 * How far a challenge could be read. Each stage includes the ones before it; a rule about one stage can only be
 * judged when the stages before it hold.
 */
export type ChallengeReading =
  | { readonly stage: "no-402"; readonly problem: string }
  | { readonly stage: "no-header"; readonly problem: string }
  | { readonly stage: "not-base64-json"; readonly problem: string }
  | { readonly stage: "object"; readonly challenge: JsonObject };

/** Reads the x402 v2 challenge of an answer (http transport v2, Payment Required Signaling). */
export function readChallenge(answer: WireAnswer): ChallengeReading {
  if (answer.status !== 402) return { stage: "no-402", problem: `status ${answer.status}` };
  const header = answer.headers["payment-required"];
  if (header === undefined) return { stage: "no-header", problem: "a 402 without a PAYMENT-REQUIRED header" };
  const decoded = decodeBase64Text(header);
  if (decoded.kind === "not-base64") return { stage: "not-base64-json", problem: decoded.why };
  const json = parseJson(decoded.text);
  if (!isJsonObject(json)) {
    return {
      stage: "not-base64-json",
      problem: `the header decodes to ${json === undefined ? "text that is not JSON" : describeJson(json)}`,
    };
  }
  return { stage: "object", challenge: json };
}

/** One entry of `accepts`, as received. */
export type AcceptsEntry = JsonObject;

/** The entries of `accepts` that are objects; empty when there are none. */
export function acceptsEntries(challenge: JsonObject): readonly AcceptsEntry[] {
  const accepts = field(challenge, "accepts");
  return Array.isArray(accepts) ? accepts.filter((entry: Json) => isJsonObject(entry)) : [];
}
