import type { Address, Hash, Hex } from "viem";
import { isHash } from "viem/utils";
import type { Network, SettleResponse } from "../protocol/index.ts";
import { chargeOf } from "./charge.ts";
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
  /** How the money moves: the token itself takes the authorization, or Permit2 takes a permit. */
  readonly method: "eip3009" | "permit2";
  /** Atomic units, in digits. Of `upto`: what the seller says was charged; as long as it does not, the maximum. */
  readonly amount: string;
  /** Of `upto`: the most that was signed for, atomic units, in digits. */
  readonly maxAmount?: string | undefined;
  /** What is wrong with the amount in the seller's receipt, e.g. that it is more than was signed for. */
  readonly complaint?: string | undefined;
  /** Of the authorization; the token, or Permit2, takes each nonce once. */
  readonly nonce: Hex;
  /** Unix seconds, in digits, from which on it cannot be taken; a permit, after which. */
  readonly validBefore: string;
  readonly transaction?: Hash | undefined;
  /** PAYMENT-RESPONSE in the words of v2; absent when the seller sent none that can be read. */
  readonly settlement?: SettleResponse | undefined;
}

/** The receipt of a payment for `url`. */
export function receiptOf(
  signed: SignedPayment,
  purchase: { readonly idempotencyKey: string; readonly url: string },
  settlement: SettleResponse | undefined,
): PaymentReceipt {
  const { message, requirements, authorization } = signed;
  const { scheme, network, asset, payTo } = requirements;
  const { from: payer, value: maxAmount, nonce, validBefore } = authorization;
  const { amount, complaint } = chargeOf(signed, settlement);
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
    method: "permit2Authorization" in message.payload ? "permit2" : "eip3009",
    amount,
    ...(scheme === "upto" && { maxAmount }),
    ...(complaint !== undefined && { complaint }),
    nonce,
    validBefore,
    transaction: transaction !== undefined && isHash(transaction) ? transaction : undefined,
    settlement,
  };
}
