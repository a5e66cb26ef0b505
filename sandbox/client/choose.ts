import type { Parsed, PaymentRequirements } from "../protocol/index.ts";
import type { Challenge } from "./challenge.ts";
import type { OfferedEntry } from "./dialects.ts";
import { PaymentError } from "./payment-error.ts";
import type { Choice, SupportedEntry } from "./supported-entry.ts";

/** What a buyer would rather pay with: the entries that have all of these fields. */
export type Preference = Partial<Pick<PaymentRequirements, "scheme" | "network" | "asset">>;

/** What the choice goes by. */
export interface Selection {
  /** Reads an entry, or says why it is not one this client pays. */
  readonly support: (offered: OfferedEntry) => Parsed<SupportedEntry>;
  /** Why an entry may not be paid. */
  readonly denial: (choice: Choice) => PaymentError | undefined;
  readonly preferences: readonly Preference[];
}

/**
 * Chooses the entry of `accepts` to pay: of those that this client supports and the policy allows, the first that the
 * earliest preference fits, and without one the seller's first. One that is paid by Permit2 gives way to one by EIP-3009
 * that costs the same: it needs no allowance.
 *
 * @throws PaymentError `no-supported-requirement`, or the denial of the first entry that is supported
 */
export function choose(challenge: Challenge, { support, denial, preferences }: Selection): Choice {
  const entries = challenge.entries.map((entry) => (entry.ok ? support(entry.value) : entry));
  const supported = entries.flatMap((entry) => (entry.ok ? [{ ...entry.value, challenge }] : []));
  const denials = supported.map(denial);
  const allowed = supported.filter((_, index) => denials[index] === undefined);
  const preferred = preferences.map((preference) => allowed.filter((entry) => fits(entry, preference)));
  const choice = plainest(preferred.find(({ length }) => length > 0) ?? allowed);
  if (choice !== undefined) return choice;
  throw denials[0] ?? nothingSupported(complaintsOf(entries), challenge.response);
}

function plainest(entries: readonly Choice[]): Choice | undefined {
  const [first] = entries;
  return entries.find((entry) => entry.method === "eip3009" && isSamePrice(entry, first)) ?? first;
}

function isSamePrice(one: Choice, other: Choice | undefined): boolean {
  return one.chainId === other?.chainId && one.asset === other.asset && one.amount === other.amount;
}

function complaintsOf(entries: readonly Parsed<unknown>[]): string[] {
  return entries.flatMap((entry) => (entry.ok ? [] : [entry.error.message]));
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
