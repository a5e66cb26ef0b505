import { describeJson, field, isJsonObject, type Json, type JsonObject } from "../wire/index.ts";

/** What a challenge says of sign-in-with-x: the `info` to sign, and the EVM chain that it may be signed for. */
export type SignInOffer =
  | { readonly kind: "offered"; readonly info: JsonObject; readonly chainId: string }
  | { readonly kind: "unusable"; readonly why: string };

/** Reads the extension's entry (Server-Declared Fields); only accounts of EVM chains can sign here. */
export function readSignInOffer(entry: JsonObject): SignInOffer {
  const { info, supportedChains } = entry;
  if (!isJsonObject(info)) return { kind: "unusable", why: `info is ${describeJson(info)}` };
  const chains: readonly Json[] = Array.isArray(supportedChains) ? supportedChains : [];
  const chainIds = chains
    .filter((chain) => field(chain, "type") === "eip191")
    .map((chain) => field(chain, "chainId"))
    .filter((chainId) => typeof chainId === "string" && /^eip155:\d+$/.test(chainId));
  const [chainId] = chainIds;
  if (typeof chainId === "string") return { kind: "offered", info, chainId };
  return { kind: "unusable", why: "supportedChains names no EVM chain with eip191" };
}

/** The text that a proof's signature is over (EIP-4361); every field as the proof spells it. */
export function signInText(proof: JsonObject): string {
  const text = (name: string) => String(proof[name] ?? "");
  const optional = (label: string, name: string) =>
    proof[name] === undefined ? [] : [`${label}: ${text(name)}`];
  const { resources } = proof;
  const lines = [
    `${text("domain")} wants you to sign in with your Ethereum account:`,
    text("address"),
    "",
    ...(proof.statement === undefined ? [] : [text("statement")]),
    "",
    `URI: ${text("uri")}`,
    `Version: ${text("version")}`,
    `Chain ID: ${text("chainId").replace(/^eip155:/, "")}`,
    `Nonce: ${text("nonce")}`,
    `Issued At: ${text("issuedAt")}`,
    ...optional("Expiration Time", "expirationTime"),
    ...optional("Not Before", "notBefore"),
    ...optional("Request ID", "requestId"),
    ...(Array.isArray(resources) ? ["Resources:", ...resources.map((resource) => `- ${resource}`)] : []),
  ];
  return lines.join("\n");
}
