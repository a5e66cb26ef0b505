import type { Hex } from "viem";
import { isHex } from "viem/utils";
import { type Authorization, authorizationTypedData } from "../protocol/index.ts";
import { canonicalSignature } from "./canonical-signature.ts";
import { PaymentError } from "./payment-error.ts";
import { permitTypedData } from "./permit.ts";
import { type Signer, signerTimeout } from "./signer.ts";
import type { Choice } from "./supported-entry.ts";
import { within } from "./time-limit.ts";

/**
 * Has the transfer signed (EIP-712), for the chosen token or for Permit2, and brings an ECDSA signature into the form
 * that both take.
 *
 * @throws PaymentError `signing-failed`, `signer-timeout`
 */
export async function sign(
  choice: Choice,
  authorization: Authorization,
  signer: Signer,
  milliseconds: number,
): Promise<Hex> {
  const signature = await requestSignature(choice, authorization, signer, milliseconds);
  if (!isHex(signature) || signature.length <= 2 || signature.length % 2 !== 0)
    throw signingFailed("its answer is not a hex signature", choice);
  return canonicalSignature(signature);
}

async function requestSignature(
  choice: Choice,
  authorization: Authorization,
  signer: Signer,
  milliseconds: number,
): Promise<unknown> {
  const typedData =
    choice.method === "permit2"
      ? permitTypedData(choice, authorization)
      : authorizationTypedData(choice.domain, authorization);
  const late = () => signerTimeout("did not sign", milliseconds, choice);
  const signing = async () => signer.signTypedData(typedData);
  try {
    return await within(milliseconds, signing(), late);
  } catch (cause) {
    if (cause instanceof PaymentError) throw cause;
    throw signingFailed(cause instanceof Error ? cause.message : String(cause), choice, cause);
  }
}

function signingFailed(complaint: string, choice: Choice, cause?: unknown): PaymentError {
  const { requirements, challenge } = choice;
  const message = `The signer did not sign: ${complaint}.`;
  return new PaymentError("signing-failed", message, { response: challenge.response, requirements, cause });
}
