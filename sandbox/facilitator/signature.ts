import { type Address, concat, type Hex, hashTypedData, padHex, size, toHex } from "viem";
import {
  authorizationHash,
  authorizationTypedData,
  exactPermit2TypedData,
  uptoPermit2TypedData,
} from "../protocol/index.ts";
import type { ChainClient } from "./chain-connection.ts";
import { isNoSuchFunction } from "./contract-errors.ts";
import { erc1271Abi, erc1271Accepted, type SplitSignature, splitSignature } from "./eip3009.ts";
import type { Payment } from "./payment.ts";

/** Whether the payer signed, and if not, what is wrong with the signature. */
export type SignatureFinding =
  | { readonly valid: true }
  | { readonly valid: false; readonly complaint: string };

/** Half of the order of secp256k1: an `s` above it is the malleable twin of another signature (EIP-2). */
const largestLowS = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

/** The precompiled contract that recovers the signer of a hash. */
const ecrecover: Address = "0x0000000000000000000000000000000000000001";

/**
 * Finds out whether the payer signed the authorization: an account with code is asked (ERC-1271), for any other
 * one the signer is recovered. The chain's own precompile does that, in the same round trip as the other reads and
 * a hundred times faster than JavaScript.
 */
export async function readSignature(payment: Payment, chain: ChainClient): Promise<SignatureFinding> {
  const hash = signedHash(payment);
  const [byKey, code] = await Promise.all([
    readKeySignature(payment, hash, chain),
    chain.getCode({ address: payment.authorization.from, blockTag: "pending" }),
  ]);
  return code === undefined ? byKey : readContractSignature(payment, hash, chain);
}

/** What the payer's signature has to be over. */
function signedHash(payment: Payment): Hex {
  if (payment.method === "eip3009")
    return authorizationHash(authorizationTypedData(payment.domain, payment.wire));
  return payment.scheme === "upto"
    ? hashTypedData(uptoPermit2TypedData(payment.chainId, payment.wire))
    : hashTypedData(exactPermit2TypedData(payment.chainId, payment.wire));
}

/** A signature in the form that keys give, whoever's key it is; or what is wrong with it. */
export function inKeyForm(signature: Hex): SplitSignature | string {
  const split = splitSignature(signature);
  if (split === undefined) return `signature has ${size(signature)} bytes, a key's has 65`;
  const { s, v } = split;
  if (v !== 27 && v !== 28) return `the last byte of the signature is ${v}, expected 27 or 28`;
  return BigInt(s) > largestLowS ? "the signature is malleable: its s is in the upper half" : split;
}

async function readKeySignature(payment: Payment, hash: Hex, chain: ChainClient): Promise<SignatureFinding> {
  const form = inKeyForm(payment.signature);
  if (typeof form === "string") return invalid(form);
  const { r, s, v } = form;
  const data = concat([hash, padHex(toHex(v), { size: 32 }), r, s]);
  // Nothing on the chain bears on it, so the latest block does; Anvil makes a pending one from its whole pool.
  const recovered = await chain.call({ to: ecrecover, data });
  const signer = recovered.data?.slice(-40).toLowerCase();
  if (signer === payment.authorization.from.slice(2).toLowerCase()) return { valid: true };
  return invalid(`the signature is not ${payment.authorization.from}'s for this authorization and token`);
}

async function readContractSignature(
  payment: Payment,
  hash: Hex,
  chain: ChainClient,
): Promise<SignatureFinding> {
  const { from } = payment.authorization;
  try {
    const answer = await chain.readContract({
      address: from,
      abi: erc1271Abi,
      functionName: "isValidSignature",
      args: [hash, payment.signature],
      blockTag: "pending",
    });
    return answer === erc1271Accepted
      ? { valid: true }
      : invalid(`the contract ${from} refuses the signature (ERC-1271)`);
  } catch (error) {
    if (isNoSuchFunction(error)) return invalid(`the contract ${from} cannot sign (it has no ERC-1271)`);
    throw error;
  }
}

function invalid(complaint: string): SignatureFinding {
  return { valid: false, complaint };
}
