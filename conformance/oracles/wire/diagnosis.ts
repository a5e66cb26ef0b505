import { decodeBase64Text } from "./base64.ts";
import { readChallenge } from "./challenge.ts";
import type { WireAnswer } from "./http.ts";
import { describeJson, field, isJsonObject, type Json, type JsonObject, parseJson } from "./json.ts";
import { probableNetwork, v1NameOf, v1Networks } from "./networks.ts";

/** The versions of x402 that a challenge can be meant for. */
type Version = 1 | 2;

/** What the price of an entry is called. */
const priceNames: Readonly<Record<Version, string>> = { 1: "maxAmountRequired", 2: "amount" };

/**
 * What the author of a seller of x402 `version` should change, one sentence each, judged from its unpaid answer:
 * challenges of other protocols and the ways of writing an x402 challenge that are seen in the wild. Empty when
 * nothing stands out.
 */
export function diagnose(answer: WireAnswer, version: Version = 2): readonly string[] {
  const other = otherProtocols.find(({ sees }) => sees(answer));
  if (other !== undefined) return [other.says];
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

/** Protocols that answer 402 and are not x402. */
const otherProtocols: readonly { sees: (answer: WireAnswer) => boolean; says: string }[] = [
  {
    sees: ({ headers }) => /^(l402|lsat)\b/i.test(headers["www-authenticate"] ?? ""),
    says: "This is an L402 challenge (Lightning invoices, WWW-Authenticate: L402), not x402.",
  },
  {
    sees: ({ headers }) => /^payment\b/i.test(headers["www-authenticate"] ?? ""),
    says: 'This is the HTTP "Payment" authentication scheme (WWW-Authenticate: Payment), not x402.',
  },
  {
    sees: ({ headers }) => /\bmandate=/i.test(headers["payment-required"] ?? ""),
    says: "This is a mandate-based challenge (payment-required: mandate=…), not x402, whose PAYMENT-REQUIRED is base64 of JSON.",
  },
  {
    sees: ({ body, headers }) => /fth-x402\//i.test(`${body}${headers["payment-required"] ?? ""}`),
    says: "This is a challenge of fth-x402, a protocol of its own with a similar name, not x402.",
  },
];

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

function diagnoseEntry(entry: JsonObject, version: Version): string[] {
  return [
    ...(version === 1 ? networkDiagnosisV1 : networkDiagnosis)(field(entry, "network")),
    ...amountDiagnosis(entry, version),
    ...timeoutDiagnosis(field(entry, "maxTimeoutSeconds")),
    ...(isJsonObject(field(entry, "extra"))
      ? []
      : [
          'An entry lacks "extra": give the token\'s EIP-712 domain, {"name":"USDC","version":"2"} for USDC on Base Sepolia.',
        ]),
  ];
}

function timeoutDiagnosis(seconds: Json | undefined): string[] {
  if (typeof seconds === "number") return [];
  return seconds === undefined
    ? ['An entry lacks "maxTimeoutSeconds": say how many seconds an authorization may live, e.g. 60.']
    : [`"maxTimeoutSeconds" is ${describeJson(seconds)}: write a number of seconds, e.g. 60.`];
}

function networkDiagnosis(network: Json | undefined): string[] {
  if (typeof network === "number")
    return [`The network is the number ${network}: write "eip155:${network}".`];
  if (typeof network !== "string" || network.includes(":")) return [];
  const meant = probableNetwork(network);
  if (meant === undefined)
    return [`The network ${JSON.stringify(network)} is no CAIP-2 name such as "eip155:8453".`];
  const v1 = Object.hasOwn(v1Networks, network) ? ` ("${network}" is its name in x402 v1)` : "";
  const inV1 = network === "base-mainnet" ? ' ("base" in x402 v1)' : v1;
  return [`The network is ${JSON.stringify(network)}: write "${meant}"${inV1}.`];
}

function networkDiagnosisV1(network: Json | undefined): string[] {
  if (typeof network !== "string" || Object.hasOwn(v1Networks, network)) return [];
  const meant = v1NameOf(probableNetwork(network) ?? network);
  return meant === undefined
    ? []
    : [`The network is ${JSON.stringify(network)}: x402 v1 calls it "${meant}".`];
}

function amountDiagnosis(entry: JsonObject, version: Version): string[] {
  const name = priceNames[version];
  const amount = field(entry, name);
  const others = [...Object.values(priceNames), "price"];
  const price = amount ?? others.map((other) => field(entry, other)).find((value) => value !== undefined);
  const renamed =
    amount === undefined && price !== undefined
      ? [`The price of an entry is called "${name}" in x402 v${version}.`]
      : [];
  if (typeof price === "number")
    return [...renamed, `The amount is the number ${price}: write it as a string of atomic units.`];
  if (typeof price !== "string" || /^\d+$/.test(price)) return renamed;
  const dollars = /^\$?(\d+)\.(\d{1,6})$/.exec(price);
  const atomic = dollars === null ? undefined : BigInt(`${dollars[1]}${(dollars[2] ?? "").padEnd(6, "0")}`);
  const instead =
    atomic === undefined ? "decimal digits" : `"${atomic}" if the token has 6 decimals, as USDC does`;
  return [...renamed, `The amount ${JSON.stringify(price)} is not in atomic units: write ${instead}.`];
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
