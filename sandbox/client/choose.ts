import type { Challenge } from "./challenge.ts";
import { PaymentError } from "./payment-error.ts";
import { denied, policyDenial, type SpendingPolicy } from "./policy.ts";
import { type Choice, supportedEntry } from "./supported-entry.ts";

/**
 * Chooses the first entry of `accepts` that this client supports and that the policy's networks and assets allow.
 * The amount plays no part: a price over the limit is an error, not a reason to look for another entry.
 *
 * @throws PaymentError `no-supported-requirement`, `policy-denied`
 */
export function choose(challenge: Challenge, policy: SpendingPolicy): Choice {
  const entries = challenge.message.accepts.map(supportedEntry);
  const supported = entries.flatMap((entry) => (entry.ok ? [{ ...entry.value, challenge }] : []));
  const allowed = supported.find((entry) => policyDenial(entry, policy) === undefined);
  if (allowed !== undefined) return allowed;
  const [first] = supported;
  if (first !== undefined) throw denied(policyDenial(first, policy) ?? "no entry is allowed", first);
  throw nothingSupported(
    entries.flatMap((entry) => (entry.ok ? [] : [entry.error.message])),
    challenge.response,
  );
}

function nothingSupported(complaints: readonly string[], response: Response): PaymentError {
  const found = complaints.length === 0 ? "accepts is empty" : complaints.slice(0, 5).join("; ");
  return new PaymentError(
    "no-supported-requirement",
    `The seller offers no way to pay that is supported here: ${found}.`,
    {
      moneyMoved: "no",
      next: "Supported is scheme exact on an EVM network by EIP-3009, with the token's name and version in extra.",
      response,
    },
  );
}
