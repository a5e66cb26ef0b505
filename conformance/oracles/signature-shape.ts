import { type Hex, size, slice } from "viem";

/** Bytes of a key holder's signature: r and s of 32 bytes each, and v. */
const keySize = 65;

/** Order of secp256k1. */
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/**
 * Whether the signature has the length of a key holder's, 65 bytes; that of a smart account may have any. Digits that are
 * no whole bytes are nobody's.
 */
export function isOfKeyHolder({ signature }: { readonly signature: Hex }): boolean {
  return isWhole(signature) && size(signature) === keySize;
}

/** What is wrong with the length of a key holder's signature, as a sentence goes on; `undefined` when nothing is. */
export function lengthFault(signature: Hex): string | undefined {
  if (isOfKeyHolder({ signature })) return undefined;
  const digits = signature.length - 2;
  const has = isWhole(signature)
    ? `${size(signature)} bytes`
    : `${digits} hex digits, which are no whole bytes`;
  return `the signature has ${has}; a key's has ${keySize} bytes${hintAt(digits)}`;
}

/** What keeps tokens from taking the signature from a key holder, as a sentence goes on; `undefined` when nothing does. */
export function signatureFault(signature: Hex): string | undefined {
  const fault = lengthFault(signature);
  if (fault !== undefined) return fault;
  const v = Number.parseInt(signature.slice(-2), 16);
  if (v !== 27 && v !== 28) return `its v is ${v}, where tokens take 27 or 28`;
  if (BigInt(slice(signature, 32, 64)) > order / 2n)
    return "its s is high (EIP-2): the order of the curve less s, with the other v, is the low one";
  return undefined;
}

function isWhole(signature: Hex): boolean {
  return signature.length % 2 === 0;
}

/** Numbers that are printed without a width lose a digit or two; what is shorter was never meant to have 65 bytes. */
function hintAt(digits: number): string {
  return digits < 2 * keySize && digits > 2 * keySize - 8 ? " (leading zeros lost?)" : "";
}
