import { type Address, isAddressEqual } from "viem";
import { usdcAddress } from "../chain/index.ts";
import type { Network } from "../protocol/index.ts";
import { PaymentError } from "./payment-error.ts";
import type { Choice, SupportedEntry } from "./supported-entry.ts";

/** What the buyer is willing to sign. */
export interface SpendingPolicy {
  /** Highest amount of one payment, in atomic units. Default 1 USDC: 1000000. */
  readonly maxAmount?: bigint | undefined;
  /** Networks to pay on, CAIP-2. Default: any. */
  readonly allowedNetworks?: readonly Network[] | undefined;
  /**
   * Tokens to pay with. Default: only the network's own USDC, whatever name the challenge gives a token, because
   * an amount means nothing without its token's decimals.
   */
  readonly allowedAssets?: readonly Address[] | "any" | undefined;
}

/** 1 USDC, in atomic units. */
const defaultMaxAmount = 1_000_000n;

/**
 * Checks the entry that is about to be signed.
 *
 * @throws PaymentError `policy-denied`, `over-limit`
 */
export function checkPolicy(choice: Choice, policy: SpendingPolicy): void {
  const denial = policyDenial(choice, policy);
  if (denial !== undefined) throw denied(denial, choice);
  const maxAmount = policy.maxAmount ?? defaultMaxAmount;
  if (choice.amount > maxAmount) throw overLimit(choice, maxAmount);
}

/** Why the policy does not allow the entry's network or asset; `undefined` when it does. */
export function policyDenial(entry: SupportedEntry, policy: SpendingPolicy): string | undefined {
  const { network, asset } = entry.requirements;
  const { allowedNetworks, allowedAssets } = policy;
  if (allowedNetworks !== undefined && !allowedNetworks.includes(network))
    return `network ${network} is not allowed`;
  if (allowedAssets === "any") return undefined;
  const assets = allowedAssets ?? [usdcAddress(entry.domain.chainId)];
  if (assets.some((allowed) => isAddressEqual(allowed, entry.domain.verifyingContract))) return undefined;
  return allowedAssets === undefined
    ? `asset ${asset} is not ${network}'s USDC`
    : `asset ${asset} is not allowed`;
}

/** The refusal for entries that could be paid but may not be. */
export function denied(
  denial: string,
  { requirements, challenge }: Pick<Choice, "requirements" | "challenge">,
): PaymentError {
  return new PaymentError("policy-denied", `The spending policy forbids this payment: ${denial}.`, {
    moneyMoved: "no",
    next: "If you mean to pay it, name it in allowedNetworks and allowedAssets.",
    response: challenge.response,
    requirements,
  });
}

function overLimit({ amount, requirements, challenge }: Choice, maxAmount: bigint): PaymentError {
  const message = `The seller asks ${amount} atomic units of ${requirements.asset}; the limit is ${maxAmount}.`;
  return new PaymentError("over-limit", message, {
    moneyMoved: "no",
    next: "If the price is right, raise the limit (maxAmount, in atomic units).",
    response: challenge.response,
    requirements,
  });
}
