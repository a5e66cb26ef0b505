import type { ChainClient } from "./chain-connection.ts";
import { isNoSuchFunction } from "./contract-errors.ts";
import { eip3009Abi } from "./eip3009.ts";
import type { Payment } from "./payment.ts";
import { readSignature, type SignatureFinding } from "./signature.ts";
import type { Desk } from "./steps.ts";

/** What a chain says about a payment, as of the block that would be mined now. */
export interface ChainFacts {
  /** The chain's time in Unix seconds. */
  readonly time: bigint;
  readonly signature: SignatureFinding;
  /** What the asset says; `undefined` when it is not a contract with EIP-3009. */
  readonly token: TokenFacts | undefined;
}

export interface TokenFacts {
  /** Atomic units that the payer holds. */
  readonly balance: bigint;
  readonly nonceUsed: boolean;
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
  const { from, nonce } = payment.authorization;
  const token = { address: payment.domain.verifyingContract, abi: eip3009Abi, blockTag: "pending" } as const;
  try {
    const [balance, nonceUsed] = await Promise.all([
      chain.readContract({ ...token, functionName: "balanceOf", args: [from] }),
      chain.readContract({ ...token, functionName: "authorizationState", args: [from, nonce] }),
    ]);
    return { balance, nonceUsed };
  } catch (error) {
    if (isNoSuchFunction(error)) return undefined;
    throw error;
  }
}

/** Whether the token has spent or cancelled this authorization. */
export function isNonceUsed(payment: Payment, chain: ChainClient): Promise<boolean> {
  return chain.readContract({
    address: payment.domain.verifyingContract,
    abi: eip3009Abi,
    functionName: "authorizationState",
    args: [payment.authorization.from, payment.authorization.nonce],
  });
}
