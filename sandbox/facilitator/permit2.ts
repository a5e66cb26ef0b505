import { type Address, type ContractFunctionParameters, parseAbi } from "viem";
import { exactPermit2ProxyAbi, uptoPermit2ProxyAbi } from "../chain/index.ts";
import { exactPermit2Proxy, permit2Address, permitNoncePlace, uptoPermit2Proxy } from "../protocol/index.ts";
import type { ChainClient } from "./chain-connection.ts";
import type { PermittedPayment } from "./payment.ts";

/** What the proxies and Permit2 refuse with. */
const refusals = parseAbi([
  "error InvalidDestination()",
  "error InvalidOwner()",
  "error InvalidAmount()",
  "error InvalidAmount(uint256 maxAmount)",
  "error PaymentTooEarly()",
  "error Permit2612AmountMismatch()",
  "error UnauthorizedFacilitator()",
  "error AmountExceedsPermitted()",
  "error SignatureExpired(uint256 signatureDeadline)",
  "error InvalidNonce()",
  "error InvalidSignatureLength()",
  "error InvalidSignature()",
  "error InvalidSigner()",
  "error InvalidContractSignature()",
]);

/** Of both proxies. */
const proxyAbi = [...exactPermit2ProxyAbi, ...uptoPermit2ProxyAbi, ...refusals] as const;

const permit2Abi = parseAbi([
  "function nonceBitmap(address owner, uint256 wordPosition) view returns (uint256)",
]);

/** The contract that alone may spend a permit of a payment's scheme. */
export function proxyOf({ scheme }: PermittedPayment): Address {
  return scheme === "upto" ? uptoPermit2Proxy : exactPermit2Proxy;
}

/**
 * The call of the proxy that moves the money (exact on EVM, §2, phase 4; upto on EVM, phase 4), for viem's contract
 * actions. With a permit that the payment brings, the proxy sends that first; one that is used up already does no harm.
 */
export function permitTransfer(
  payment: PermittedPayment,
): ContractFunctionParameters<typeof proxyAbi, "nonpayable", "settle" | "settleWithPermit"> {
  const call = { address: proxyOf(payment), abi: proxyAbi } as const;
  const { sponsored } = payment;
  const args = transferArguments(payment);
  if (sponsored === undefined) return { ...call, functionName: "settle", args };
  const { value, deadline, r, s, v } = sponsored;
  // In the order of the contract's struct: viem tells the two functions of this name apart by it.
  const permit2612 = { value, deadline, r, s, v };
  return { ...call, functionName: "settleWithPermit", args: [permit2612, ...args] };
}

function transferArguments(payment: PermittedPayment) {
  const { authorization, signature, permitted } = payment;
  const { from, to, value, validAfter, validBefore, nonce } = authorization;
  const permit = {
    permitted: { token: payment.wire.permitted.token, amount: permitted },
    nonce: BigInt(nonce),
    deadline: validBefore,
  };
  if (payment.scheme === "exact") return [permit, from, { to, validAfter }, signature] as const;
  const { facilitator } = payment.wire.witness;
  return [permit, value, from, { to, facilitator, validAfter }, signature] as const;
}

/** Whether the owner has used a nonce up. */
export async function isPermitNonceUsed(
  { authorization: { from, nonce } }: PermittedPayment,
  chain: ChainClient,
  blockTag: "latest" | "pending" = "latest",
): Promise<boolean> {
  const { word, bit } = permitNoncePlace(BigInt(nonce));
  const used = await chain.readContract({
    address: permit2Address,
    abi: permit2Abi,
    functionName: "nonceBitmap",
    args: [from, word],
    blockTag,
  });
  return (used & bit) !== 0n;
}
