import { decodeFunctionData, parseAbi, toFunctionSelector } from "viem";
import type { SignedTransferKind } from "./signed-transfer.ts";
import { slotOf } from "./spent-marks.ts";

const abi = parseAbi([
  "function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, uint8 v, bytes32 r, bytes32 s)",
  "function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, bytes signature)",
]);

/** Slot of FiatToken's mapping of payers to their nonces that are spent. */
const authorizationStates = 16n;

/** Transfers by EIP-3009, which the token makes for whoever asks. */
export const authorizedTransfers: SignedTransferKind = {
  selectors: abi.map((item) => toFunctionSelector(item)),
  read(data, token) {
    const { args } = decodeFunctionData({ abi, data });
    const [from, , , , , nonce] = args;
    const spent = { address: token, slot: slotOf(authorizationStates, from, nonce), bit: 1n };
    return { from, spent, call: { to: token, data } };
  },
};
