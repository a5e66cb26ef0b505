import { type Address, decodeFunctionData, numberToHex, toFunctionSelector } from "viem";
import { exactPermit2ProxyAbi, uptoPermit2ProxyAbi } from "../chain/index.ts";
import { exactPermit2Proxy, permit2Address, permitNoncePlace } from "../protocol/index.ts";
import type { SignedTransferKind } from "./signed-transfer.ts";
import { type SpentMark, slotOf } from "./spent-marks.ts";

/** Slot of Permit2's mapping of owners to words of 256 nonces each. */
const nonceBitmap = 0n;

/** Permits of `exact`, which the proxy spends for whoever asks. */
export const exactPermits: SignedTransferKind = {
  selectors: exactPermit2ProxyAbi.map((item) => toFunctionSelector(item)),
  read(data) {
    const { functionName, args } = decodeFunctionData({ abi: exactPermit2ProxyAbi, data });
    const [permit, owner] = functionName === "settle" ? args : [args[1], args[2]];
    return { from: owner, spent: markOf(owner, permit.nonce), call: { to: exactPermit2Proxy, data } };
  },
};

/** Permits of `upto`, which only the facilitator that each names can spend. */
export const uptoPermits: SignedTransferKind = {
  selectors: uptoPermit2ProxyAbi.map((item) => toFunctionSelector(item)),
  read(data) {
    const { functionName, args } = decodeFunctionData({ abi: uptoPermit2ProxyAbi, data });
    const [permit, owner] = functionName === "settle" ? [args[0], args[2]] : [args[1], args[3]];
    return { from: owner, spent: markOf(owner, permit.nonce), call: undefined };
  },
};

function markOf(owner: Address, nonce: bigint): SpentMark {
  const { word, bit } = permitNoncePlace(nonce);
  return { address: permit2Address, slot: slotOf(nonceBitmap, owner, numberToHex(word)), bit };
}
