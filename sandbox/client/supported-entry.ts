import type { Address } from "viem";
import { getAddress, isAddress } from "viem/utils";
import {
  type Parsed,
  type PaymentRequirements,
  refused,
  type TokenDomain,
  tokenDomain,
  understood,
} from "../protocol/index.ts";
import type { Challenge } from "./challenge.ts";
import type { OfferedEntry } from "./dialects.ts";

/** An entry of `accepts` that this client can pay, read into what it signs. */
export interface SupportedEntry extends OfferedEntry {
  /** In the words of v2; a v2 entry as received, unknown fields included: it is echoed as `accepted`. */
  readonly requirements: PaymentRequirements;
  readonly domain: TokenDomain;
  readonly payTo: Address;
  /** Atomic units. */
  readonly amount: bigint;
  /** Seconds that the authorization lives. */
  readonly lifetime: number;
}

/** The entry that will be paid, and the challenge it is from. */
export interface Choice extends SupportedEntry {
  readonly challenge: Challenge;
}

/** Longest life of an authorization, in seconds, however long the seller would like it to be. */
const longestLifetime = 3_600;

/** Reads an entry of `accepts`, or says why it is not one this client pays: exact on EVM by EIP-3009. */
export function supportedEntry(offered: OfferedEntry): Parsed<SupportedEntry> {
  const { requirements } = offered;
  const { scheme, extra, payTo, maxTimeoutSeconds } = requirements;
  if (scheme !== "exact") return refused("unsupported_scheme", `scheme ${quote(scheme)}`, "scheme");
  const domain = tokenDomain(requirements);
  if (!domain.ok) return domain;
  const { assetTransferMethod = "eip3009", paymentFlow = "authorization" } = extra ?? {};
  if (assetTransferMethod !== "eip3009") {
    return refused("unsupported_scheme", `assetTransferMethod ${quote(assetTransferMethod)}`, "extra");
  }
  if (paymentFlow !== "authorization") {
    return refused("unsupported_scheme", `paymentFlow ${quote(paymentFlow)}`, "extra");
  }
  if (!isAddress(payTo, { strict: false })) {
    return refused("invalid_payment_requirements", `payTo ${quote(payTo)} is not an address`, "payTo");
  }
  if (maxTimeoutSeconds < 1) {
    return refused(
      "invalid_payment_requirements",
      "maxTimeoutSeconds is below a second",
      "maxTimeoutSeconds",
    );
  }
  return understood({
    ...offered,
    domain: domain.value,
    payTo: getAddress(payTo),
    amount: BigInt(requirements.amount),
    lifetime: Math.min(Math.floor(maxTimeoutSeconds), longestLifetime),
  });
}

function quote(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 80);
}
