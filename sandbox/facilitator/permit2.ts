import { type Address, parseAbi } from "viem";
import { exactPermit2Proxy, permit2Address, uptoPermit2Proxy } from "../protocol/index.ts";
import type { ChainClient } from "./chain-connection.ts";
import type { PermittedPayment } from "./payment.ts";

/** What the proxies and Permit2 refuse with. */
const refusals = parseAbi([
  "error InvalidDestination()",
  "error InvalidOwner()",
  "error InvalidAmount()",
  "error InvalidAmount(uint256 maxAmount)",
  "error PaymentTooEarly()",
  "error UnauthorizedFacilitator()",
  "error AmountExceedsPermitted()",
  "error SignatureExpired(uint256 signatureDeadline)",
  "error InvalidNonce()",
  "error InvalidSignatureLength()",
  "error InvalidSignature()",
  "error InvalidSigner()",
  "error InvalidContractSignature()",
]);

/** Of both proxies: they differ in what they need to know. */
const proxyAbi = [
  ...parseAbi([
    "struct TokenPermissions { address token; uint256 amount; }",
    "struct PermitTransferFrom { TokenPermissions permitted; uint256 nonce; uint256 deadline; }",
    "struct ExactWitness { address to; uint256 validAfter; }",
    "struct UptoWitness { address to; address facilitator; uint256 validAfter; }",
    "function settle(PermitTransferFrom permit, address owner, ExactWitness witness, bytes signature)",
    "function settle(PermitTransferFrom permit, uint256 amount, address owner, UptoWitness witness, bytes signature)",
  ]),
  ...refusals,
] as const;

const permit2Abi = parseAbi([
  "function nonceBitmap(address owner, uint256 wordPosition) view returns (uint256)",
]);

/** The contract that alone may spend a permit of a payment's scheme. */
export function proxyOf({ scheme }: PermittedPayment): Address {
  return scheme === "upto" ? uptoPermit2Proxy : exactPermit2Proxy;
}

/** The call of the proxy that moves the money (exact on EVM, §2, phase 4; upto on EVM, phase 4), for viem's contract actions. */
export function permitTransfer(payment: PermittedPayment) {
  const { authorization, signature, permitted } = payment;
  const { from, to, value, validAfter, validBefore, nonce } = authorization;
  const permit = {
    permitted: { token: payment.wire.permitted.token, amount: permitted },
    nonce: BigInt(nonce),
    deadline: validBefore,
  };
  return {
    address: proxyOf(payment),
    abi: proxyAbi,
    functionName: "settle",
    args:
      payment.scheme === "upto"
        ? ([
            permit,
            value,
            from,
            { to, facilitator: payment.wire.witness.facilitator, validAfter },
            signature,
          ] as const)
        : ([permit, from, { to, validAfter }, signature] as const),
  } as const;
}

/** Whether the owner has used a nonce up: it is one bit of a word that holds 256 of them. */
export async function isPermitNonceUsed(
  { authorization: { from, nonce } }: PermittedPayment,
  chain: ChainClient,
  blockTag: "latest" | "pending" = "latest",
): Promise<boolean> {
  const word = await chain.readContract({
    address: permit2Address,
    abi: permit2Abi,
    functionName: "nonceBitmap",
    args: [from, BigInt(nonce) >> 8n],
    blockTag,
  });
  return (word & (1n << (BigInt(nonce) & 0xffn))) !== 0n;
}
