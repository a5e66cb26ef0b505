import type { Address, Hex } from "viem";
import type { SpentMark } from "./spent-marks.ts";

/** A transfer that its payer signed, and that a facilitator's transaction makes. */
export interface SignedTransfer {
  readonly from: Address;
  /** What is set once it is made. */
  readonly spent: SpentMark;
  /** The call that makes it and nothing else, whoever sends it; what follows it in `data` does no harm. */
  readonly call: { readonly to: Address; readonly data: Hex } | undefined;
}

/** A way to sign transfers, as it is found in the calldata of transactions. */
export interface SignedTransferKind {
  /** Of the functions that make such transfers. */
  readonly selectors: readonly Hex[];
  /**
   * Reads a call that begins with one of the selectors.
   *
   * @param token what an EIP-3009 transfer moves
   * @throws whatever viem throws where the bytes are no such call
   */
  read(data: Hex, token: Address): SignedTransfer;
}
