import { type Address, getAddress, parseAbi } from "viem";
import {
  type Extensions,
  type Parsed,
  permit2Address,
  readSponsoredPermit,
  refused,
  understood,
} from "../protocol/index.ts";
import type { ChainClient } from "./chain-connection.ts";
import { revertReason } from "./contract-errors.ts";
import { type SplitSignature, splitSignature } from "./eip3009.ts";
import type { PermittedPayment } from "./payment.ts";
import type { SignatureFinding } from "./signature.ts";

/** A permit (EIP-2612) that a payment brings, with its numbers as numbers: atomic units and Unix seconds. */
export interface AllowancePermit extends SplitSignature {
  readonly from: Address;
  readonly asset: Address;
  readonly spender: Address;
  readonly value: bigint;
  readonly deadline: bigint;
}

const permitAbi = parseAbi([
  "function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)",
]);

/** The permit among a payment's extensions; `undefined` without one. */
export function allowancePermitIn(extensions: Extensions | undefined): Parsed<AllowancePermit | undefined> {
  const wire = readSponsoredPermit(extensions);
  if (!wire.ok) return wire;
  if (wire.value === undefined) return understood(undefined);
  const { from, asset, spender, amount, deadline, signature } = wire.value;
  const split = splitSignature(signature);
  if (split === undefined)
    return refused("invalid_eip2612_extension_format", "info.signature has not 65 bytes", "info.signature");
  return understood({
    from: getAddress(from),
    asset: getAddress(asset),
    spender: getAddress(spender),
    value: BigInt(amount),
    deadline: BigInt(deadline),
    ...split,
  });
}

/**
 * Asks the token whether it would take the permit that a payment brings: it alone knows its domain and the owner's nonce,
 * and whether it knows permits at all. `undefined` where none is brought.
 */
export async function readPermitFinding(
  { asset, sponsored, authorization: { from } }: PermittedPayment,
  chain: ChainClient,
): Promise<SignatureFinding | undefined> {
  if (sponsored === undefined) return undefined;
  const { value, deadline, v, r, s } = sponsored;
  try {
    await chain.simulateContract({
      address: asset,
      abi: permitAbi,
      functionName: "permit",
      args: [from, permit2Address, value, deadline, v, r, s],
      blockTag: "pending",
    });
    return { valid: true };
  } catch (error) {
    const reason = revertReason(error);
    if (reason === undefined) throw error;
    return { valid: false, complaint: `the token refuses the permit that it brings: ${reason}` };
  }
}
