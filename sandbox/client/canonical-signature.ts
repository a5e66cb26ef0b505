import type { Hex } from "viem";
import { numberToHex, size, slice } from "viem/utils";

/** Order of secp256k1. */
const curveOrder = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/**
 * An ECDSA signature as tokens take it: r‖s‖v with s in the lower half and v 27 or 28. Hardware and key services give
 * high s, or v as 0 or 1. What is no such signature (that of a smart wallet) is left alone.
 */
export function canonicalSignature(signature: Hex): Hex {
  if (size(signature) !== 65) return signature;
  const v = Number(slice(signature, 64));
  const parity = v === 0 || v === 1 ? v : v - 27;
  if (parity !== 0 && parity !== 1) return signature;
  const s = BigInt(slice(signature, 32, 64));
  const isHigh = s > curveOrder / 2n;
  const lowS = numberToHex(isHigh ? curveOrder - s : s, { size: 32 });
  const lowV = numberToHex(27 + (isHigh ? 1 - parity : parity), { size: 1 });
  return `${slice(signature, 0, 32)}${lowS.slice(2)}${lowV.slice(2)}`;
}
