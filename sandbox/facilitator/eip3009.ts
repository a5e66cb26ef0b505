import { type Address, encodeFunctionData, type Hex, parseAbi, prepareEncodeFunctionData, slice } from "viem";
import type { AuthorizedPayment } from "./payment.ts";

const splitTransferAbi = parseAbi([
  "function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, uint8 v, bytes32 r, bytes32 s)",
]);

/** Which of the two functions is meant, and its selector, need not be found out for every payment. */
const splitTransfer = prepareEncodeFunctionData({
  abi: splitTransferAbi,
  functionName: "transferWithAuthorization",
});

/**
 * The part of an EIP-3009 token that a facilitator calls. The standard has the signature as `v, r, s`; tokens that
 * take signatures of contracts (ERC-1271) also have it as bytes of any length.
 */
export const eip3009Abi = [
  ...splitTransferAbi,
  ...parseAbi([
    "function balanceOf(address account) view returns (uint256)",
    "function authorizationState(address authorizer, bytes32 nonce) view returns (bool)",
    "function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, bytes signature)",
  ]),
] as const;

/** ERC-1271: how a contract says whether a signature is its own. */
export const erc1271Abi = parseAbi([
  "function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)",
]);

/** What a contract answers when a signature is its own (ERC-1271). */
export const erc1271Accepted = "0x1626ba7e";

/** The parts of a 65-byte signature. */
export interface SplitSignature {
  readonly r: Hex;
  readonly s: Hex;
  readonly v: number;
}

/** Splits `r‖s‖v`; `undefined` when the signature is not 65 bytes long, as those of contracts may be. */
export function splitSignature(signature: Hex): SplitSignature | undefined {
  if (signature.length !== 2 + 65 * 2) return undefined;
  return {
    r: slice(signature, 0, 32),
    s: slice(signature, 32, 64),
    v: Number.parseInt(signature.slice(-2), 16),
  };
}

/** A call to a contract. */
export interface ContractCall {
  readonly to: Address;
  readonly data: Hex;
}

/**
 * The call that moves the money, with exactly the parameters that the payer signed (exact on EVM, phase 3), for
 * viem's contract actions.
 */
export function authorizedTransfer({ asset, authorization, signature }: AuthorizedPayment) {
  const { from, to, value, validAfter, validBefore, nonce } = authorization;
  const signed = [from, to, value, validAfter, validBefore, nonce] as const;
  const split = splitSignature(signature);
  return {
    address: asset,
    abi: eip3009Abi,
    functionName: "transferWithAuthorization",
    args:
      split === undefined
        ? ([...signed, signature] as const)
        : ([...signed, split.v, split.r, split.s] as const),
  } as const;
}

/** {@link authorizedTransfer} as calldata. */
export function authorizedCall(payment: AuthorizedPayment): ContractCall {
  const { address, args, ...call } = authorizedTransfer(payment);
  const data =
    args.length === 9
      ? encodeFunctionData({ ...splitTransfer, args })
      : encodeFunctionData({ ...call, args });
  return { to: address, data };
}
