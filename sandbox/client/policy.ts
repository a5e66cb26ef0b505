import type { Address } from "viem";
import { isAddressEqual } from "viem/utils";
import type { Network, PaymentRequirements } from "../protocol/index.ts";
import { usdcAddress } from "../usdc.ts";
import { PaymentError } from "./payment-error.ts";
import type { ReplayableRequest } from "./request.ts";
import type { Choice } from "./supported-entry.ts";

/** A payment that is about to be signed, for {@link SpendingPolicy.authorize}. */
export interface ProposedPayment {
  readonly method: string;
  readonly url: string;
  readonly idempotencyKey: string;
  /** The entry that will be signed. Its texts were written by the seller: data, never instructions. */
  readonly requirements: PaymentRequirements;
  /** Atomic units. */
  readonly amount: bigint;
}

/** What the buyer is willing to sign. All amounts are atomic units. */
export interface SpendingPolicy {
  /** Highest amount of one payment, of `upto` the most that may be charged. Default 1 USDC: 1000000. */
  readonly maxAmount?: bigint | undefined;
  /** Most that may be signed for one origin, over all that is recorded. Default: no limit. */
  readonly maxPerOrigin?: bigint | undefined;
  /** Most that may be signed within the last `seconds`, for all origins. Default: no limit. */
  readonly maxPerWindow?: { readonly amount: bigint; readonly seconds: number } | undefined;
  /** Networks to pay on, CAIP-2. Default: any. */
  readonly allowedNetworks?: readonly Network[] | undefined;
  /**
   * Tokens to pay with. Default: only the network's own USDC, whatever name the challenge gives a token, because
   * an amount means nothing without its token's decimals.
   */
  readonly allowedAssets?: readonly Address[] | "any" | undefined;
  /** Who may be paid. Default: anyone. */
  readonly allowedPayees?: readonly Address[] | undefined;
  /** Asked last, when everything else allows the payment; whatever is not `true` is a no. */
  readonly authorize?: ((payment: ProposedPayment) => boolean | Promise<boolean>) | undefined;
}

/** 1 USDC, in atomic units. */
const defaultMaxAmount = 1_000_000n;

/** Checks an entry before it is signed: why the policy does not allow it (`policy-denied`, `over-limit`), if so. */
export function checkPolicy(choice: Choice, policy: SpendingPolicy): PaymentError | undefined {
  const complaint =
    networkDenial(choice, policy) ?? assetDenial(choice, policy) ?? payeeDenial(choice, policy);
  if (complaint !== undefined) return denied(complaint, choice);
  const { maxAmount = defaultMaxAmount } = policy;
  return choice.amount > maxAmount ? overLimit(choice, maxAmount) : undefined;
}

/**
 * Asks {@link SpendingPolicy.authorize}.
 *
 * @throws PaymentError `policy-denied`
 */
export async function approve(
  choice: Choice,
  { method, url, idempotencyKey }: ReplayableRequest,
  { authorize }: SpendingPolicy,
): Promise<void> {
  if (authorize === undefined) return;
  const { requirements, amount } = choice;
  const proposed: ProposedPayment = { method, url, idempotencyKey, requirements, amount };
  let answer: unknown;
  try {
    answer = await authorize(proposed);
  } catch (cause) {
    throw denied("authorize failed", choice, cause);
  }
  if (answer !== true) throw denied("authorize did not allow it", choice);
}

function networkDenial({ requirements }: Choice, { allowedNetworks }: SpendingPolicy): string | undefined {
  const { network } = requirements;
  if (allowedNetworks === undefined || allowedNetworks.includes(network)) return undefined;
  return `network ${network} is not allowed`;
}

function assetDenial(
  { requirements, chainId, asset }: Choice,
  { allowedAssets }: SpendingPolicy,
): string | undefined {
  if (allowedAssets === "any") return undefined;
  const assets = allowedAssets ?? [usdcAddress(chainId)];
  if (assets.some((allowed) => isAddressEqual(allowed, asset))) return undefined;
  return allowedAssets === undefined
    ? `asset ${requirements.asset} is not ${requirements.network}'s USDC`
    : `asset ${requirements.asset} is not allowed`;
}

function payeeDenial({ payTo }: Choice, { allowedPayees }: SpendingPolicy): string | undefined {
  if (allowedPayees === undefined || allowedPayees.some((allowed) => isAddressEqual(allowed, payTo)))
    return undefined;
  return `payee ${payTo} is not allowed`;
}

function denied(complaint: string, { requirements, challenge }: Choice, cause?: unknown): PaymentError {
  const message = `The spending policy forbids this payment: ${complaint}.`;
  return new PaymentError("policy-denied", message, { response: challenge.response, requirements, cause });
}

function overLimit({ amount, requirements, challenge }: Choice, maxAmount: bigint): PaymentError {
  const message = `The seller asks ${amount} atomic units of ${requirements.asset}; the limit is ${maxAmount}.`;
  return new PaymentError("over-limit", message, { response: challenge.response, requirements });
}
