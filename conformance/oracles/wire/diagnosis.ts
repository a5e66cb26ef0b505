import { decodeBase64Text } from "./base64.ts";
import { readChallenge } from "./challenge.ts";
import { diagnoseEntry, type Version } from "./entry-diagnosis.ts";
import type { WireAnswer } from "./http.ts";
import { describeJson, field, isJsonObject, type Json, type JsonObject, parseJson } from "./json.ts";
import { otherProtocol } from "./other-protocols.ts";

/**
 * What the author of a seller of x402 `version` should change, one sentence each, judged from its unpaid answer:
 * challenges of other protocols and the ways of writing an x402 challenge that are seen in the wild. Empty when
 * nothing stands out.
 */
export function diagnose(answer: WireAnswer, version: Version = 2): readonly string[] {
  const other = otherProtocol(answer);
  if (other !== undefined) return [other];
  const found = version === 1 ? (inBody(answer) ?? inHeader(answer)) : (inHeader(answer) ?? inBody(answer));
  const broken = version === 1 ? [] : brokenHeader(answer);
  if (found === undefined) return broken;
  const misplaced = (version === 1 ? placeDiagnosisV1 : placeDiagnosis)(found);
  return [...(broken.length > 0 ? broken : misplaced), ...diagnoseChallenge(found.challenge, version)];
}

/** A header that is there, and holds no object, be it base64 or not. */
function brokenHeader(answer: WireAnswer): string[] {
  const reading = readChallenge(answer);
  if (reading.stage !== "unreadable" || inHeader(answer) !== undefined) return [];
  return [`PAYMENT-REQUIRED cannot be read: ${reading.problem}. Send a JSON object as standard base64.`];
}

interface FoundChallenge {
  readonly place: "header" | "header without base64" | "body";
  readonly challenge: JsonObject;
}

/** A challenge in the header, where x402 v2 has it, with its base64 or without. */
function inHeader({ headers }: WireAnswer): FoundChallenge | undefined {
  const header = headers["payment-required"];
  const decoded = header === undefined ? undefined : decodeBase64Text(header);
  const message = decoded?.kind === "text" ? parseJson(decoded.text) : undefined;
  if (isJsonObject(message)) return { place: "header", challenge: message };
  const plain = header === undefined ? undefined : parseJson(header);
  return isJsonObject(plain) ? { place: "header without base64", challenge: plain } : undefined;
}

/** A challenge in the body, where x402 v1 has it. */
function inBody({ body }: WireAnswer): FoundChallenge | undefined {
  const message = parseJson(body);
  return isJsonObject(message) && Array.isArray(field(message, "accepts"))
    ? { place: "body", challenge: message }
    : undefined;
}

function placeDiagnosis({ place, challenge }: FoundChallenge): string[] {
  if (place === "header") return [];
  if (place === "header without base64")
    return ["PAYMENT-REQUIRED holds plain JSON: encode it as standard base64."];
  if (field(challenge, "x402Version") === 1) {
    return [
      "The challenge is x402 v1, in the body. For v2, send it as base64 of JSON in a PAYMENT-REQUIRED header, too; " +
        "a seller that speaks v1 only is judged with --protocol x402@1.",
    ];
  }
  return ["The challenge is in the body: x402 v2 has it as base64 of JSON in a PAYMENT-REQUIRED header."];
}

function placeDiagnosisV1({ place }: FoundChallenge): string[] {
  if (place === "body") return [];
  return [
    "The challenge is x402 v2, in the PAYMENT-REQUIRED header. For v1, send one as the body of the 402, too.",
  ];
}

function diagnoseChallenge(challenge: JsonObject, version: Version): string[] {
  const accepts = field(challenge, "accepts");
  const entries = Array.isArray(accepts) ? accepts.filter((entry: Json) => isJsonObject(entry)) : [];
  return [
    ...new Set([
      ...diagnoseVersion(challenge, version),
      ...acceptsDiagnosis(accepts),
      ...entries.flatMap((entry) => diagnoseEntry(entry, version)),
      ...placeholders(challenge),
    ]),
  ];
}

function acceptsDiagnosis(accepts: Json | undefined): string[] {
  if (!Array.isArray(accepts))
    return [`"accepts" is ${describeJson(accepts)}: write an array of the ways to pay.`];
  return accepts.length === 0 ? ['"accepts" is empty: offer at least one way to pay.'] : [];
}

function diagnoseVersion(challenge: JsonObject, version: Version): string[] {
  const said = field(challenge, "x402Version");
  if (said === 1 || said === 2) return [];
  const found = said === undefined ? field(challenge, "version") : said;
  const instead = found === undefined ? "It has no version" : `Its version is ${JSON.stringify(found)}`;
  return [`${instead}: write "x402Version": ${version}, a number.`];
}

const placeholder =
  /\{[a-z_][\w-]*\}|0x0{40}$|0x\w*(your|wallet|address)\w*|\byour[_-]\w+|<[a-z_ ]+>|\bTODO\b|x{6,}/i;

function placeholders(challenge: JsonObject): string[] {
  const found = strings(challenge).flatMap((text) => placeholder.exec(text)?.[0] ?? []);
  return [...new Set(found)].map(
    (text) => `${JSON.stringify(text)} looks like a placeholder that was never filled in.`,
  );
}

function strings(value: Json): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(strings);
}
