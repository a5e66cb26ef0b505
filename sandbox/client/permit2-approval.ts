import type { Address, Hex } from "viem";
import { encodeFunctionData, getAddress, parseAbi } from "viem/utils";
import { permit2Address } from "../protocol/index.ts";

/** A transaction that lets Permit2 take a token out of the account that sends it. */
export interface Permit2Approval {
  /** The token. */
  readonly to: Address;
  /** `approve(Permit2, amount)`. */
  readonly data: Hex;
}

const approveAbi = parseAbi(["function approve(address spender, uint256 amount) returns (bool)"]);

/** More than there is of any token. */
const everything = 2n ** 256n - 1n;

/**
 * The transaction that a payer sends once, with gas of its own, before its first payment by Permit2 in a token. The
 * SDK holds no connection to a chain, so that the wallet sends it.
 *
 * @param asset the token's address, as `asset` of the payment requirements
 * @param amount the most that Permit2 may take in all, atomic units; without limit unless told. Whatever it is, each
 *   payment needs a signature of its own.
 * @throws viem's InvalidAddressError when `asset` is no address
 *
 * @example
 * if (error.code === "permit2-allowance-required" && error.requirements)
 *   await walletClient.sendTransaction(permit2Approval(error.requirements.asset));
 */
export function permit2Approval(asset: string, amount: bigint = everything): Permit2Approval {
  const args = [permit2Address, amount] as const;
  const data = encodeFunctionData({ abi: approveAbi, functionName: "approve", args });
  return { to: getAddress(asset), data };
}
