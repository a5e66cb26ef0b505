import { erc20Abi } from "viem";
import { permit2Address } from "../protocol/index.ts";
import type { ChainClient } from "./chain-connection.ts";
import { isNoSuchFunction } from "./contract-errors.ts";
import { eip3009Abi } from "./eip3009.ts";
import type { AuthorizedPayment, Payment, PermittedPayment } from "./payment.ts";
import { isPermitNonceUsed } from "./permit2.ts";
import { readSignature, type SignatureFinding } from "./signature.ts";
import { readPermitFinding } from "./sponsored-permit.ts";
import type { Desk } from "./steps.ts";

/** What a chain says about a payment, as of the block that would be mined now. */
export interface ChainFacts {
  /** The chain's time in Unix seconds. */
  readonly time: bigint;
  readonly signature: SignatureFinding;
  /** What the asset says; `undefined` when it is no contract that the payment's method can use. */
  readonly token: TokenFacts | undefined;
}

export interface TokenFacts {
  /** Atomic units that the payer holds. */
  readonly balance: bigint;
  readonly nonceUsed: boolean;
  /** Atomic units that Permit2 may take out of the payer's account; read where the payment needs it. */
  readonly allowance?: bigint;
  /** Whether the token takes the permit that the payment brings to raise the allowance. */
  readonly sponsored?: SignatureFinding;
}

/** Reads everything the checks need: at a glance where nothing is wrong, else each by itself, in one round trip. */
export async function readChainFacts(
  payment: Payment,
  { chain, glance }: Pick<Desk, "chain" | "glance">,
): Promise<ChainFacts> {
  const seen = await glance(payment);
  if (seen !== undefined) return seen;
  const [time, signature, token] = await Promise.all([
    readTime(chain),
    readSignature(payment, chain),
    readToken(payment, chain),
  ]);
  return { time, signature, token };
}

async function readTime(chain: ChainClient): Promise<bigint> {
  const pending = await chain.getBlock({ blockTag: "pending" });
  return pending.timestamp;
}

async function readToken(payment: Payment, chain: ChainClient): Promise<TokenFacts | undefined> {
  try {
    return await (payment.method === "permit2"
      ? readTokenOfPermit(payment, chain)
      : readTokenItself(payment, chain));
  } catch (error) {
    if (isNoSuchFunction(error)) return undefined;
    throw error;
  }
}

async function readTokenItself(payment: AuthorizedPayment, chain: ChainClient): Promise<TokenFacts> {
  const { from, nonce } = payment.authorization;
  const token = { address: payment.asset, abi: eip3009Abi, blockTag: "pending" } as const;
  const [balance, nonceUsed] = await Promise.all([
    chain.readContract({ ...token, functionName: "balanceOf", args: [from] }),
    chain.readContract({ ...token, functionName: "authorizationState", args: [from, nonce] }),
  ]);
  return { balance, nonceUsed };
}

async function readTokenOfPermit(payment: PermittedPayment, chain: ChainClient): Promise<TokenFacts> {
  const { from } = payment.authorization;
  const token = { address: payment.asset, abi: erc20Abi, blockTag: "pending" } as const;
  const [balance, allowance, nonceUsed, sponsored] = await Promise.all([
    chain.readContract({ ...token, functionName: "balanceOf", args: [from] }),
    chain.readContract({ ...token, functionName: "allowance", args: [from, permit2Address] }),
    isPermitNonceUsed(payment, chain, "pending"),
    readPermitFinding(payment, chain),
  ]);
  return { balance, allowance, nonceUsed, ...(sponsored && { sponsored }) };
}

/** Whether the authorization is spent or cancelled. */
export function isNonceUsed(payment: Payment, chain: ChainClient): Promise<boolean> {
  if (payment.method === "permit2") return isPermitNonceUsed(payment, chain);
  return chain.readContract({
    address: payment.asset,
    abi: eip3009Abi,
    functionName: "authorizationState",
    args: [payment.authorization.from, payment.authorization.nonce],
  });
}
