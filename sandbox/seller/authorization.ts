import { toHex } from "viem/utils";
import {
  type Authorization,
  type ExactPermit2Authorization,
  type Parsed,
  type PaymentPayload,
  type PaymentRequirements,
  parseExactEvmPayload,
  parseExactPermit2Payload,
  parseUptoPermit2Payload,
  type UptoPermit2Authorization,
  understood,
} from "../protocol/index.ts";
import { isByPermit2, isUpto } from "./payment-method.ts";

/**
 * What a payer signed to pay `demanded`. A permit is put in the words of EIP-3009: its deadline is `validBefore`, and
 * its nonce 32 bytes, so that no two spellings of one number are two payments. Refuses with `invalid_payload` what is
 * paid in another way.
 */
export function authorizationIn(
  { payload }: PaymentPayload,
  demanded: PaymentRequirements,
): Parsed<Authorization> {
  if (!isByPermit2(demanded)) {
    const parsed = parseExactEvmPayload(payload);
    return parsed.ok ? understood(parsed.value.authorization) : parsed;
  }
  const parsed = isUpto(demanded) ? parseUptoPermit2Payload(payload) : parseExactPermit2Payload(payload);
  return parsed.ok ? understood(authorizationOf(parsed.value.permit2Authorization)) : parsed;
}

function authorizationOf({
  from,
  witness,
  permitted,
  nonce,
  deadline,
}: ExactPermit2Authorization | UptoPermit2Authorization): Authorization {
  return {
    from,
    to: witness.to,
    value: permitted.amount,
    validAfter: witness.validAfter,
    validBefore: deadline,
    nonce: toHex(BigInt(nonce), { size: 32 }),
  };
}
