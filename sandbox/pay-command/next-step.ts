import { type PaymentError, type PaymentErrorCode, permit2Approval } from "../client/index.ts";

const askFirst =
  "Ask the seller, or look on the chain, before you pay again: each run of `pay` signs a payment of its own.";

/** For the errors whose advice in the SDK names options and idempotency keys, which the command line does not have. */
const nextSteps: Readonly<Partial<Record<PaymentErrorCode, string>>> = {
  "policy-denied":
    "`pay` pays in USDC only, and with --network on that network only; for anything else write a program with x402-assay/client.",
  "outcome-unknown": askFirst,
  "settlement-pending": askFirst,
  "upstream-failed-after-payment": askFirst,
};

/** What somebody who ran `pay` does next. */
export function nextStep({ code, requirements, next }: PaymentError): string {
  if (code === "over-limit") return `If the price is right, allow it: --max-amount ${requirements?.amount}`;
  if (code === "permit2-allowance-required" && requirements !== undefined) {
    const { to, data } = permit2Approval(requirements.asset);
    return `Give Permit2 an allowance once, from the payer's account and with its own gas, then pay again: cast send ${to} ${data} --private-key KEY --rpc-url URL`;
  }
  return nextSteps[code] ?? next;
}
