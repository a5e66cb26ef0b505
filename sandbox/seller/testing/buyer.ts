import { bytesToHex, getAddress, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import {
  type Authorization,
  authorizationTypedData,
  type PaymentPayload,
  type PaymentRequired,
  type PaymentRequirements,
  tokenDomain,
  x402V2,
} from "../../protocol/index.ts";
import type { RawAnswer } from "./http.ts";

/** The challenge of an answer. */
export function challengeOf(answer: RawAnswer): PaymentRequired {
  const challenge = x402V2.readChallenge(answer);
  if (!challenge?.ok) throw new Error(`no challenge in ${answer.status} ${JSON.stringify(answer.headers)}`);
  return challenge.value;
}

/** The receipt of an answer. */
export function receiptOf(answer: RawAnswer) {
  const receipt = x402V2.readReceipt(answer);
  if (!receipt?.ok) throw new Error(`no receipt in ${answer.status} ${JSON.stringify(answer.headers)}`);
  return receipt.value;
}

/** The first way to pay that a challenge names. */
export function firstOf({ accepts }: PaymentRequired): PaymentRequirements {
  const [first] = accepts;
  if (first === undefined) throw new Error("the challenge names no way to pay");
  return first;
}

/** Signs what a challenge asks for. */
export async function signedPayment(challenge: PaymentRequired, privateKey: Hex): Promise<PaymentPayload> {
  const accepted = firstOf(challenge);
  const payer = privateKeyToAccount(privateKey);
  const domain = tokenDomain(accepted);
  if (!domain.ok) throw new Error(domain.error.message);
  const authorization: Authorization = {
    from: payer.address,
    to: getAddress(accepted.payTo),
    value: accepted.amount,
    validAfter: "0",
    validBefore: String(Math.floor(Date.now() / 1000) + accepted.maxTimeoutSeconds),
    nonce: bytesToHex(crypto.getRandomValues(new Uint8Array(32))),
  };
  const signature = await payer.signTypedData(authorizationTypedData(domain.value, authorization));
  return { x402Version: 2, resource: challenge.resource, accepted, payload: { signature, authorization } };
}

/** The header that carries a payment. */
export function paymentHeader(payment: unknown): Record<string, string> {
  return { "payment-signature": Buffer.from(JSON.stringify(payment)).toString("base64") };
}
