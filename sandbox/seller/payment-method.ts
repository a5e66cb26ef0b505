import type { PaymentRequirements } from "../protocol/index.ts";

/**
 * How a route is paid, on EVM chains:
 *
 * - `eip3009`: scheme `exact`; the token itself moves the price.
 * - `permit2`: scheme `exact`; Permit2 moves it, for which the buyer has given it an allowance. x402 v2 only.
 * - `upto`: scheme `upto`, by Permit2; the price is the most that may be charged, and the handler says what is. x402 v2
 *   only.
 */
export type PaymentMethod = "eip3009" | "permit2" | "upto";

/** Whether what is demanded is paid by Permit2: always with `upto`, with `exact` where it says so (exact on EVM, §2). */
export function isByPermit2({ scheme, extra }: PaymentRequirements): boolean {
  return isUpto({ scheme }) || extra?.assetTransferMethod === "permit2";
}

/** Whether the amount is a bound. */
export function isUpto({ scheme }: Pick<PaymentRequirements, "scheme">): boolean {
  return scheme === "upto";
}
