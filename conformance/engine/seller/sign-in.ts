import { generatePrivateKey } from "viem/accounts";
import { keyAccount } from "#sandbox";
import { readSignInOffer, signInText } from "../../oracles/extensions/index.ts";
import { encodeBase64Text, field, isJsonObject, type JsonObject } from "../../oracles/wire/index.ts";
import { NotApplicable, Unproven } from "../finding.ts";
import type { ApiRequest } from "./request.ts";
import type { Trader } from "./trader.ts";

/** One thing to do differently from an honest proof. */
export interface ProofChange {
  /** Another proof, signed as it is. */
  readonly proof?: (proof: JsonObject) => JsonObject;
  /** Another text to sign than the proof's own. */
  readonly signedAs?: (proof: JsonObject) => JsonObject;
  /** Somebody else signs in the payer's name. */
  readonly signedByStranger?: boolean;
  /** Somebody else signs in, in their own name. */
  readonly ofStranger?: boolean;
}

/**
 * The header by which the case's payer signs in to a paid request (sign-in-with-x, Client Request), made for a fresh
 * challenge.
 *
 * @throws NotApplicable when the seller does not offer it, or not to accounts of EVM chains
 */
export async function signInHeader(
  t: Trader,
  change: ProofChange = {},
  request: ApiRequest = t.paid,
): Promise<Record<string, string>> {
  const { info, chainId } = await signInOffer(t, request);
  const stranger = keyAccount(generatePrivateKey());
  const { address } = change.ofStranger ? stranger : t.payer;
  const honest: JsonObject = { ...info, address, chainId, type: "eip191" };
  const proof = change.proof?.(honest) ?? honest;
  const signer = change.ofStranger || change.signedByStranger ? stranger : t.payer;
  const signature = await signer.signMessage({ message: signInText(change.signedAs?.(proof) ?? proof) });
  return { "sign-in-with-x": encodeBase64Text(JSON.stringify({ ...proof, signature })) };
}

/** What the challenge of a paid request says of sign-in-with-x. */
export async function signInOffer(
  t: Trader,
  request: ApiRequest = t.paid,
): Promise<{ info: JsonObject; chainId: string }> {
  const { answer } = await t.ask(request).done();
  const reading = t.dialect.readChallenge(answer);
  if (reading.stage !== "object") throw new Unproven(`There is no readable challenge: ${reading.problem}.`);
  const entry = field(field(reading.challenge, "extensions"), "sign-in-with-x");
  if (!isJsonObject(entry))
    throw new NotApplicable("The seller does not offer the extension sign-in-with-x.");
  const offer = readSignInOffer(entry);
  if (offer.kind === "unusable") throw new NotApplicable(`The suite cannot sign in: ${offer.why}.`);
  return offer;
}
