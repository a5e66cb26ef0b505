import { type Hex, hashTypedData, isHex, recoverAddress } from "viem";
import {
  decodeBase64Text,
  describeJson,
  field,
  isJsonObject,
  type Json,
  type JsonObject,
  parseJson,
} from "../wire/index.ts";

const key = "offer-receipt";

/** The signed offers of a challenge (offer-receipt §4.1). */
export function offersIn(challenge: JsonObject): readonly Json[] {
  const offers = field(infoOf(challenge), "offers");
  return Array.isArray(offers) ? offers : [];
}

/** The signed receipt in a settlement's answer (§5.1); `undefined` without one. */
export function signedReceiptIn(settlement: JsonObject): Json | undefined {
  return field(infoOf(settlement), "receipt");
}

function infoOf(message: JsonObject): Json | undefined {
  return field(field(field(message, "extensions"), key), "info");
}

/** What can be made of an offer or a receipt. `digest` is what was signed if the extension's own types were. */
export type SignedReading =
  | { readonly kind: "eip712"; readonly payload: JsonObject; readonly digest: Hex; readonly signer: Hex }
  | { readonly kind: "jws"; readonly payload: JsonObject }
  | { readonly kind: "malformed"; readonly why: string };

/** Which of the two artifacts. */
export type Artifact = "offer" | "receipt";

/** Reads a signed artifact by the types that the extension fixes (§4.3, §5.3). */
export async function readSigned(artifact: Artifact, signed: Json): Promise<SignedReading> {
  const [format, payload, signature] = ["format", "payload", "signature"].map((name) => field(signed, name));
  if (format === "jws") return readJws(signature);
  if (format !== "eip712") return malformed(`format is ${describeJson(format)}, not "eip712" or "jws"`);
  if (!isJsonObject(payload)) return malformed(`payload is ${describeJson(payload)}`);
  if (!isHex(signature)) return malformed(`signature is ${describeJson(signature)}, not hex`);
  try {
    const digest = digestOf(artifact, payload);
    return { kind: "eip712", payload, digest, signer: await recoverAddress({ hash: digest, signature }) };
  } catch (error) {
    const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
    return malformed(`no signer can be recovered: ${why}`);
  }
}

const types = {
  offer: {
    name: "x402 offer",
    primaryType: "Offer",
    fields: {
      version: "uint256",
      resourceUrl: "string",
      scheme: "string",
      network: "string",
      asset: "string",
      payTo: "string",
      amount: "string",
      validUntil: "uint256",
    },
  },
  receipt: {
    name: "x402 receipt",
    primaryType: "Receipt",
    fields: {
      version: "uint256",
      network: "string",
      resourceUrl: "string",
      payer: "string",
      issuedAt: "uint256",
      transaction: "string",
    },
  },
} as const;

/** The domain has chain id 1 on every network (§3.2); optional fields that are absent are signed as 0 or "". */
function digestOf(artifact: Artifact, payload: JsonObject): Hex {
  const { name, primaryType, fields } = types[artifact];
  const message = Object.entries(fields).map(([field_, type]) => {
    const value = payload[field_];
    return [field_, type === "uint256" ? BigInt(Number(value ?? 0)) : String(value ?? "")];
  });
  return hashTypedData({
    domain: { name, version: "1", chainId: 1 },
    types: { [primaryType]: Object.entries(fields).map(([name, type]) => ({ name, type })) },
    primaryType,
    message: Object.fromEntries(message),
  });
}

function readJws(signature: Json | undefined): SignedReading {
  const [, body = ""] = typeof signature === "string" ? signature.split(".") : [];
  const text = decodeBase64Text(body.replaceAll("-", "+").replaceAll("_", "/"));
  const payload = text.kind === "text" ? parseJson(text.text) : undefined;
  return isJsonObject(payload) ? { kind: "jws", payload } : malformed("the JWS holds no JSON object");
}

function malformed(why: string): SignedReading {
  return { kind: "malformed", why };
}
