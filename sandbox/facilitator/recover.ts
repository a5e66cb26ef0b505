import { type Hash, TransactionNotFoundError } from "viem";
import type { ChainClient } from "./chain-connection.ts";
import { isNonceUsed } from "./chain-facts.ts";
import type { Payment } from "./payment.ts";
import type { SignedTransaction } from "./records.ts";
import type { Desk } from "./steps.ts";

/** Where a transaction of unknown outcome is. */
export type Whereabouts =
  /** The node knows it: mined, or waiting to be. */
  | "known"
  /** The node does not know it, and another transaction has spent the authorization. */
  | "overtaken"
  /** It was dropped, or never arrived, and can never be mined any more. */
  | "lost";

/**
 * Finds a transaction whose outcome was never recorded, because no receipt came or the facilitator ended in
 * between. One that never arrived is sent again as it is, if its place in the account is still free.
 */
export async function findTransaction(
  payment: Payment,
  transaction: SignedTransaction,
  { chain, account }: Pick<Desk, "chain" | "account">,
): Promise<Whereabouts> {
  if (await isKnown(transaction.hash, chain)) return "known";
  // It may have arrived between the two questions, so the first is asked again.
  if (await isNonceUsed(payment, chain))
    return (await isKnown(transaction.hash, chain)) ? "known" : "overtaken";
  if (await account.resend(transaction)) return "known";
  // It may have been sent again meanwhile, for another of its payments or by the account itself.
  return (await isKnown(transaction.hash, chain)) ? "known" : "lost";
}

/** Whether the chain still has what was settled; a node that does not answer changes nothing. */
export async function isStillSpent(payment: Payment, { chain }: Pick<Desk, "chain">): Promise<boolean> {
  return isNonceUsed(payment, chain).catch(() => true);
}

async function isKnown(hash: Hash, chain: ChainClient): Promise<boolean> {
  try {
    await chain.getTransaction({ hash });
    return true;
  } catch (error) {
    if (error instanceof TransactionNotFoundError) return false;
    throw error;
  }
}
