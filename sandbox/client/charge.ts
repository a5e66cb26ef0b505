import type { SettleResponse } from "../protocol/index.ts";
import type { SignedPayment } from "./signed-payment.ts";

/** What a payment cost, by the seller's receipt as far as it can be. */
export interface Charge {
  /** Atomic units, in digits: of `upto` what the receipt says, and what was signed for without one. */
  readonly amount: string;
  /** What is wrong with the amount in the seller's receipt. */
  readonly complaint?: string | undefined;
}

/** Holds the amount of a receipt against what was signed. Only of `upto` may it be less, and never may it be more. */
export function chargeOf(
  { requirements, authorization: { value: signed } }: Pick<SignedPayment, "requirements" | "authorization">,
  settlement: SettleResponse | undefined,
): Charge {
  if (settlement?.success !== true || settlement.amount === undefined) return { amount: signed };
  const told = settlement.amount;
  const isUpto = requirements.scheme === "upto";
  if (!/^\d{1,78}$/.test(told))
    return { amount: signed, complaint: "The amount in the seller's receipt is no number of atomic units." };
  if (BigInt(told) > BigInt(signed) || (!isUpto && BigInt(told) !== BigInt(signed))) {
    const complaint = `The seller's receipt says that ${told} atomic units were charged; ${signed} were signed for.`;
    return { amount: signed, complaint };
  }
  return { amount: isUpto ? told : signed };
}

/** Whether the seller says that a payment of `upto` cost nothing. Its permit can still be used until it expires. */
export function isChargedNothing(signed: SignedPayment, settlement: SettleResponse | undefined): boolean {
  return settlement?.transaction === "" && BigInt(chargeOf(signed, settlement).amount) === 0n;
}
