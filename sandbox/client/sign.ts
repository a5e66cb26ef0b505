import { type Address, type Hex, isHex } from "viem";
import { type Authorization, authorizationTypedData } from "../protocol/index.ts";
import { PaymentError } from "./payment-error.ts";
import type { Choice } from "./supported-entry.ts";

/** Who signs: a viem account, or anything that offers these two (a wallet service, a KMS). */
export interface Signer {
  readonly address: Address;
  signTypedData(typedData: ReturnType<typeof authorizationTypedData>): Promise<Hex>;
}

/**
 * Has the authorization signed (EIP-712) for the chosen token.
 *
 * @throws PaymentError `signing-failed`
 */
export async function sign(choice: Choice, authorization: Authorization, signer: Signer): Promise<Hex> {
  const signature = await requestSignature(choice, authorization, signer);
  if (!isHex(signature) || signature.length <= 2)
    throw signingFailed("its answer is not a hex signature", choice);
  return signature;
}

async function requestSignature(
  choice: Choice,
  authorization: Authorization,
  signer: Signer,
): Promise<unknown> {
  try {
    return await signer.signTypedData(authorizationTypedData(choice.domain, authorization));
  } catch (cause) {
    throw signingFailed(cause instanceof Error ? cause.message : String(cause), choice, cause);
  }
}

function signingFailed(complaint: string, choice: Choice, cause?: unknown): PaymentError {
  return new PaymentError("signing-failed", `The signer did not sign: ${complaint}.`, {
    moneyMoved: "no",
    next: "Nothing was sent; check the signer and try again.",
    response: choice.challenge.response,
    requirements: choice.requirements,
    cause,
  });
}
