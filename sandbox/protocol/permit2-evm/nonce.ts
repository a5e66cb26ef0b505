/**
 * Where Permit2 keeps whether a nonce is used: the word that `nonceBitmap(owner, word)` gives holds 256 nonces, a bit
 * each.
 *
 * @example
 * permitNoncePlace(257n); // { word: 1n, bit: 2n }
 */
export function permitNoncePlace(nonce: bigint): { readonly word: bigint; readonly bit: bigint } {
  return { word: nonce >> 8n, bit: 1n << (nonce & 0xffn) };
}
