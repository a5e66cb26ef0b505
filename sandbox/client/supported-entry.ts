import type { Address } from "viem";
import { getAddress, isAddress } from "viem/utils";
import {
  evmChainId,
  exactPermit2Proxy,
  type Parsed,
  type PaymentRequirements,
  refused,
  type TokenDomain,
  tokenDomain,
  understood,
  uptoPermit2Proxy,
} from "../protocol/index.ts";
import type { Challenge } from "./challenge.ts";
import type { OfferedEntry } from "./dialects.ts";

interface EntryTerms extends OfferedEntry {
  /** In the words of v2; a v2 entry as received, unknown fields included: it is echoed as `accepted`. */
  readonly requirements: PaymentRequirements;
  readonly chainId: number;
  /** The token that is paid with. */
  readonly asset: Address;
  readonly payTo: Address;
  /** Atomic units: the price; of `upto`, the most that may be charged. */
  readonly amount: bigint;
  /** Seconds that what is signed lives. */
  readonly lifetime: number;
}

/** The token itself makes the payment (EIP-3009). */
export interface AuthorizedEntry extends EntryTerms {
  readonly method: "eip3009";
  readonly domain: TokenDomain;
}

/** Permit2 makes the payment, out of an allowance that the payer gave it on the chain. */
export interface PermittedEntry extends EntryTerms {
  readonly method: "permit2";
  /** The contract that alone may use the permit. */
  readonly spender: Address;
  /** Of `upto`: who alone may settle it, and say how much is charged. */
  readonly facilitator?: Address;
}

/** An entry of `accepts` that this client can pay, read into what it signs. */
export type SupportedEntry = AuthorizedEntry | PermittedEntry;

/** The entry that will be paid, and the challenge it is from. */
export type Choice = SupportedEntry & { readonly challenge: Challenge };

/** Longest life of what is signed, in seconds, however long the seller would like it to be. */
const longestLifetime = 3_600;

/** What moves the money in each scheme that this client pays, by version; the first is meant where an entry names none. */
const methodsOf = new Map<number, ReadonlyMap<string, readonly [string, ...string[]]>>([
  [1, new Map([["exact", ["eip3009"]]])],
  [
    2,
    new Map([
      ["exact", ["eip3009", "permit2"]],
      ["upto", ["permit2"]],
    ]),
  ],
]);

/**
 * Reads an entry of `accepts`, or says why it is not one this client pays. It pays on EVM: `exact` by EIP-3009 and, in
 * x402 v2, by Permit2, and `upto`, which is always by Permit2.
 */
export function supportedEntry(offered: OfferedEntry): Parsed<SupportedEntry> {
  const { x402Version, requirements } = offered;
  const { scheme, extra } = requirements;
  const methods = methodsOf.get(x402Version)?.get(scheme);
  if (methods === undefined) return refused("unsupported_scheme", `scheme ${quote(scheme)}`, "scheme");
  const { assetTransferMethod: method = methods[0], paymentFlow = "authorization" } = extra ?? {};
  if (!methods.some((known) => known === method))
    return refused("unsupported_scheme", `assetTransferMethod ${quote(method)}`, "extra");
  if (paymentFlow !== "authorization")
    return refused("unsupported_scheme", `paymentFlow ${quote(paymentFlow)}`, "extra");
  return method === "permit2" ? permittedEntry(offered) : authorizedEntry(offered);
}

function authorizedEntry(offered: OfferedEntry): Parsed<AuthorizedEntry> {
  const domain = tokenDomain(offered.requirements);
  if (!domain.ok) return domain;
  const terms = termsOf(offered);
  return terms.ok ? understood({ ...terms.value, method: "eip3009", domain: domain.value }) : terms;
}

function permittedEntry(offered: OfferedEntry): Parsed<PermittedEntry> {
  const terms = termsOf(offered);
  if (!terms.ok) return terms;
  const { scheme, extra } = offered.requirements;
  if (scheme !== "upto") return understood({ ...terms.value, method: "permit2", spender: exactPermit2Proxy });
  const { facilitatorAddress } = extra ?? {};
  if (!isAddressText(facilitatorAddress)) {
    return refused(
      "invalid_payment_requirements",
      `extra.facilitatorAddress ${quote(facilitatorAddress)} is not an address, and upto is signed for one facilitator`,
      "extra",
    );
  }
  const facilitator = getAddress(facilitatorAddress);
  return understood({ ...terms.value, method: "permit2", spender: uptoPermit2Proxy, facilitator });
}

function termsOf(offered: OfferedEntry): Parsed<EntryTerms> {
  const { network, asset, payTo, amount, maxTimeoutSeconds } = offered.requirements;
  const chainId = evmChainId(network);
  if (chainId === undefined)
    return refused("invalid_network", `${network} is not an EVM network (eip155:…)`, "network");
  for (const [field, value] of Object.entries({ asset, payTo })) {
    if (!isAddressText(value))
      return refused("invalid_payment_requirements", `${field} ${quote(value)} is not an address`, field);
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
    chainId,
    asset: getAddress(asset),
    payTo: getAddress(payTo),
    amount: BigInt(amount),
    lifetime: Math.min(Math.floor(maxTimeoutSeconds), longestLifetime),
  });
}

function isAddressText(value: unknown): value is Address {
  return typeof value === "string" && isAddress(value, { strict: false });
}

function quote(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 80);
}
