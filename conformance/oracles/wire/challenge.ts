import { decodeBase64Text } from "./base64.ts";
import type { WireAnswer } from "./http.ts";
import { describeJson, field, isJsonObject, type Json, type JsonObject, parseJson } from "./json.ts";

/**
 * How far a challenge could be read. Each stage includes the ones before it; a rule about one stage can only be
 * judged when the stages before it hold. `absent`: a 402 without a challenge of this version.
 */
export type ChallengeReading =
  | { readonly stage: "no-402"; readonly problem: string }
  | { readonly stage: "absent"; readonly problem: string }
  | { readonly stage: "unreadable"; readonly problem: string }
  | { readonly stage: "object"; readonly challenge: JsonObject };

/** Reads the x402 v2 challenge of an answer (http transport v2, Payment Required Signaling). */
export function readChallenge(answer: WireAnswer): ChallengeReading {
  if (answer.status !== 402) return { stage: "no-402", problem: `status ${answer.status}` };
  const header = answer.headers["payment-required"];
  if (header === undefined) return { stage: "absent", problem: "a 402 without a PAYMENT-REQUIRED header" };
  const decoded = decodeBase64Text(header);
  if (decoded.kind === "not-base64") return { stage: "unreadable", problem: decoded.why };
  const json = parseJson(decoded.text);
  if (!isJsonObject(json)) {
    return {
      stage: "unreadable",
      problem: `the header decodes to ${json === undefined ? "text that is not JSON" : describeJson(json)}`,
    };
  }
  return { stage: "object", challenge: json };
}

/**
 * Reads the x402 v1 challenge of an answer, its body (http transport v1). v2 leaves the body free, so one that is no
 * challenge, or says another version, is `absent`.
 */
export function readChallengeV1({ status, body }: WireAnswer): ChallengeReading {
  if (status !== 402) return { stage: "no-402", problem: `status ${status}` };
  const json = parseJson(body);
  if (!isJsonObject(json)) return { stage: "absent", problem: "a 402 whose body is no JSON object" };
  const version = field(json, "x402Version");
  const isChallenge = version === undefined ? Array.isArray(field(json, "accepts")) : version !== 2;
  if (isChallenge) return { stage: "object", challenge: json };
  const instead =
    version === undefined
      ? "is no x402 v1 challenge"
      : `says x402Version ${JSON.stringify(version).slice(0, 40)}`;
  return { stage: "absent", problem: `a 402 whose body ${instead}` };
}

/** One entry of `accepts`, as received. */
export type AcceptsEntry = JsonObject;

/** The entries of `accepts` that are objects; empty when there are none. */
export function acceptsEntries(challenge: JsonObject): readonly AcceptsEntry[] {
  const accepts = field(challenge, "accepts");
  return Array.isArray(accepts) ? accepts.filter((entry: Json) => isJsonObject(entry)) : [];
}
