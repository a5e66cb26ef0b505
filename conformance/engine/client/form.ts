import { type Address, type Hex, maxUint256, size } from "viem";
import { isOfKeyHolder, lengthFault } from "../../oracles/signature-shape.ts";

/** What can be told of something signed without knowing what it says. */
interface Form {
  readonly from: Address;
  readonly signature: Hex;
  /** Every number that a contract takes. */
  readonly numbers: readonly bigint[];
  /** In bytes, where it is no number. */
  readonly nonce?: Hex;
}

/** Bytes of an EIP-3009 nonce. */
const nonceSize = 32;

/**
 * Why no contract could even be given this, as a sentence goes on; `undefined` when one can, be it to refuse it. A smart
 * account signs as it likes; whoever has no code has a key.
 */
export async function formFault(
  { from, signature, numbers, nonce }: Form,
  hasCode: (account: Address) => Promise<boolean>,
): Promise<string | undefined> {
  if (numbers.some((number) => number > maxUint256)) return "a number in it does not fit into 256 bits";
  if (nonce !== undefined && nonce.length !== 2 + 2 * nonceSize)
    return `the nonce has ${digitsIn(nonce)}; it is ${nonceSize} bytes (leading zeros lost?)`;
  if (isOfKeyHolder({ signature })) return undefined;
  const isWhole = signature.length % 2 === 0;
  return isWhole && (await hasCode(from)) ? undefined : lengthFault(signature);
}

function digitsIn(nonce: Hex): string {
  return nonce.length % 2 === 0 ? `${size(nonce)} bytes` : `${nonce.length - 2} hex digits`;
}
