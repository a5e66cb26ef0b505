import type { PaymentRequirements } from "../protocol/index.ts";
import type { Challenge } from "./challenge.ts";
import { PaymentError } from "./payment-error.ts";
import { policyDenial, type SpendingPolicy } from "./policy.ts";
import { type Choice, supportedEntry } from "./supported-entry.ts";

/** What a buyer would rather pay with: the entries that have all of these fields. */
export type Preference = Partial<Pick<PaymentRequirements, "scheme" | "network" | "asset">>;

/**
 * Chooses the entry of `accepts` to pay: of those that this client supports and the policy allows, the one that the
 * earliest preference fits, and without one the seller's first.
 *
 * @throws PaymentError `no-supported-requirement`, `policy-denied`, `over-limit`
 */
export function choose(
  challenge: Challenge,
  policy: SpendingPolicy,
  preferences: readonly Preference[] = [],
): Choice {
  const entries = challenge.entries.map((entry) => (entry.ok ? supportedEntry(entry.value) : entry));
  const supported = entries.flatMap((entry) => (entry.ok ? [{ ...entry.value, challenge }] : []));
  const allowed = supported.filter((entry) => policyDenial(entry, policy) === undefined);
  const preferred = preferences.flatMap((preference) => allowed.filter((entry) => fits(entry, preference)));
  const choice = preferred[0] ?? allowed[0];
  if (choice !== undefined) return choice;
  const [first] = supported;
  const denial = first && policyDenial(first, policy);
  if (denial !== undefined) throw denial;
  throw nothingSupported(
    entries.flatMap((entry) => (entry.ok ? [] : [entry.error.message])),
    challenge.response,
  );
}

function fits({ requirements }: Choice, { scheme, network, asset }: Preference): boolean {
  if (scheme !== undefined && scheme !== requirements.scheme) return false;
  if (network !== undefined && network !== requirements.network) return false;
  return asset === undefined || asset.toLowerCase() === requirements.asset.toLowerCase();
}

function nothingSupported(complaints: readonly string[], response: Response): PaymentError {
  const found = complaints.length === 0 ? "accepts is empty" : complaints.slice(0, 5).join("; ");
  const message = `The seller offers no way to pay that is supported here: ${found}.`;
  return new PaymentError("no-supported-requirement", message, { response });
}
