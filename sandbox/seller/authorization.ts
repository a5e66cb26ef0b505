import {
  type Authorization,
  type Parsed,
  type PaymentPayload,
  type PaymentRequirements,
  parseExactEvmPayload,
  parseExactPermit2Payload,
  parseUptoPermit2Payload,
  transferOf,
  understood,
} from "../protocol/index.ts";
import { isByPermit2, isUpto } from "./payment-method.ts";

/**
 * What a payer signed to pay `demanded`, a permit in the words of EIP-3009. Refuses with `invalid_payload` what is paid in
 * another way.
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
  return parsed.ok ? understood(transferOf(parsed.value.permit2Authorization)) : parsed;
}
