import { numberToHex } from "viem/utils";
import type { Authorization } from "../exact-evm/index.ts";
import type { Permit2Authorization } from "./payload.ts";

/**
 * The transfer that a permit allows, in the words of EIP-3009: its deadline is `validBefore`, `value` is the most that may
 * move, and the nonce has 32 bytes, so that no two spellings of one number are two payments.
 */
export function transferOf({
  from,
  witness,
  permitted,
  nonce,
  deadline,
}: Permit2Authorization): Authorization {
  return {
    from,
    to: witness.to,
    value: permitted.amount,
    validAfter: witness.validAfter,
    validBefore: deadline,
    nonce: numberToHex(BigInt(nonce), { size: 32 }),
  };
}
