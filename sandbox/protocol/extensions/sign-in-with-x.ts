import { z } from "zod";
import { fromBase64Json } from "../base64-json.ts";
import type { HeaderMap } from "../dialect.ts";
import { addressSchema, hexSchema } from "../fields.ts";
import { evmChainId, networkSchema } from "../network.ts";
import { type Parsed, parseWith, refused } from "../parsed.ts";

/** Key of the extension by which a buyer shows who it is, and the header that does it. */
export const signInWithXKey = "sign-in-with-x";

/** The buyer's proof: the seller's `info`, who signed it for which chain, and the signature (Client Proof Fields). */
const proofSchema = z.looseObject({
  domain: z.string(),
  address: addressSchema,
  statement: z.string().optional(),
  uri: z.string(),
  version: z.string(),
  chainId: networkSchema,
  type: z.literal("eip191"),
  nonce: z.string(),
  issuedAt: z.string(),
  expirationTime: z.string().optional(),
  notBefore: z.string().optional(),
  requestId: z.string().optional(),
  resources: z.array(z.string()).optional(),
  signature: hexSchema,
});
export type SignInProof = z.infer<typeof proofSchema>;

/** JSON Schema of `info`, as challenges carry it. */
export const signInInfoSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  required: ["domain", "uri", "version", "nonce", "issuedAt"],
} as const;

/** The proof that a request brings; `undefined` when it brings none. */
export function readSignInProof(headers: HeaderMap): Parsed<SignInProof> | undefined {
  const header = headers[signInWithXKey];
  if (header === undefined) return undefined;
  if (typeof header !== "string")
    return refused("invalid_payload", `${signInWithXKey} was sent more than once`);
  const json = fromBase64Json(header);
  return json.ok ? parseWith(proofSchema, json.value, "invalid_payload") : json;
}

/** The text that was signed (EIP-4361), each field as it was spelled; `undefined` for chains that are not EVM's. */
export function signInMessage(proof: SignInProof): string | undefined {
  const chainId = evmChainId(proof.chainId);
  if (chainId === undefined) return undefined;
  const { domain, address, statement, uri, version, nonce, issuedAt, resources } = proof;
  return [
    `${domain} wants you to sign in with your Ethereum account:`,
    address,
    "",
    ...(statement === undefined ? [] : [statement]),
    "",
    `URI: ${uri}`,
    `Version: ${version}`,
    `Chain ID: ${chainId}`,
    `Nonce: ${nonce}`,
    `Issued At: ${issuedAt}`,
    ...line("Expiration Time", proof.expirationTime),
    ...line("Not Before", proof.notBefore),
    ...line("Request ID", proof.requestId),
    ...(resources === undefined ? [] : ["Resources:", ...resources.map((resource) => `- ${resource}`)]),
  ].join("\n");
}

function line(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`${name}: ${value}`];
}
