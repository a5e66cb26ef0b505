import type { Address, Hash, Hex } from "viem";
import { isHash } from "viem/utils";
import type { Network, SettleResponse } from "../protocol/index.ts";
import type { SignedPayment } from "./signed-payment.ts";

/**
 * What the buyer keeps of a payment that was sent: enough to find it on chain. It is JSON as it is. Until `lookup`
 * has seen it there, `transaction` and `settlement` are only the seller's words.
 */
export interface PaymentReceipt {
  readonly idempotencyKey: string;
  readonly url: string;
  readonly x402Version: 1 | 2;
  readonly network: Network;
  readonly asset: string;
  readonly payer: Address;
  readonly payTo: string;
  /** Atomic units, in digits. */
  readonly amount: string;
  /** Of the authorization; the token takes each nonce once. */
  readonly nonce: Hex;
  /** Unix seconds, in digits, from which on the authorization cannot be taken. */
  readonly validBefore: string;
  readonly transaction?: Hash | undefined;
  /** PAYMENT-RESPONSE in the words of v2; absent when the seller sent none that can be read. */
  readonly settlement?: SettleResponse | undefined;
}

/** The receipt of a payment for `url`. */
export function receiptOf(
  { message, requirements, authorization }: SignedPayment,
  purchase: { readonly idempotencyKey: string; readonly url: string },
  settlement: SettleResponse | undefined,
): PaymentReceipt {
  const { network, asset, payTo } = requirements;
  const { from: payer, value: amount, nonce, validBefore } = authorization;
  const { idempotencyKey, url } = purchase;
  const transaction = settlement?.transaction;
  return {
    idempotencyKey,
    url,
    x402Version: message.x402Version,
    network,
    asset,
    payer,
    payTo,
    amount,
    nonce,
    validBefore,
    transaction: transaction !== undefined && isHash(transaction) ? transaction : undefined,
    settlement,
  };
}
