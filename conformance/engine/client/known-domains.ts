import { type Address, getAddress } from "viem";
import {
  type AuthorizationDomain,
  isPayersUnder,
  type SignedAuthorization,
} from "../../oracles/authorization.ts";
import { address } from "../../oracles/evm-fields.ts";
import { field, type Json } from "../../oracles/wire/index.ts";
import type { Observed } from "./observed.ts";

/** Under which names USDC signs, wherever it is. */
const usualNames = [
  { name: "USDC", version: "2" },
  { name: "USD Coin", version: "2" },
];

/** The chains that x402 is most spoken of, and where USDC is on them. */
const usualPlaces = [
  { chainId: 8453, usdc: "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913" },
  { chainId: 84532, usdc: "0x036CbD53842c5426634e7929541eC2318f3dCF7e" },
  { chainId: 1, usdc: "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48" },
] as const;

/**
 * The domain, told in a few words, under which the payer did sign what it did not sign under the domain that was asked
 * for: one that is put together of what the shop said, of the token's own, and of what is usual for USDC. `undefined`
 * when it is none of these.
 */
export async function domainSignedUnder(
  authorization: SignedAuthorization,
  observed: Observed,
): Promise<string | undefined> {
  for (const domain of domainsKnownTo(observed)) {
    if (await isPayersUnder(authorization, domain)) return domainText(domain) + whoseItIs(domain, observed);
  }
  return undefined;
}

/** A domain in a few words. */
export function domainText({ name, version, chainId, verifyingContract }: AuthorizationDomain): string {
  return `${name} / ${version} on ${chainId} at ${verifyingContract}`;
}

function domainsKnownTo({ tokenDomain, chainId, asset, offered }: Observed): readonly AuthorizationDomain[] {
  const extras = offered.map((entry) => field(entry, "extra"));
  const names = [tokenDomain, ...extras.flatMap(nameIn), ...usualNames];
  const chains = new Set([
    chainId,
    ...offered.flatMap((entry) => chainOf(field(entry, "network"))),
    ...extras.flatMap((extra) => numberIn(field(extra, "chainId"))),
    ...usualPlaces.map((place) => place.chainId),
  ]);
  const contracts = new Set<Address>([
    getAddress(asset),
    ...offered.flatMap((entry) => addressIn(field(entry, "asset"))),
    ...extras.flatMap((extra) => addressIn(field(extra, "verifyingContract"))),
    ...usualPlaces.map(({ usdc }) => usdc),
  ]);
  return [...chains].flatMap((chainId) =>
    [...contracts].flatMap((verifyingContract) =>
      distinct(names).map((name) => ({ ...name, chainId, verifyingContract })),
    ),
  );
}

function whoseItIs(domain: AuthorizationDomain, { tokenDomain, chainId, asset }: Observed): string {
  const own = { ...tokenDomain, chainId, verifyingContract: getAddress(asset) };
  return domainText(domain) === domainText(own) ? ", the token's own" : "";
}

type Named = Pick<AuthorizationDomain, "name" | "version">;

function distinct(names: readonly Named[]): readonly Named[] {
  return [...new Map(names.map(({ name, version }) => [`${name} / ${version}`, { name, version }])).values()];
}

function nameIn(extra: Json | undefined): Named[] {
  const name = field(extra, "name");
  const version = field(extra, "version");
  return typeof name === "string" && typeof version === "string" ? [{ name, version }] : [];
}

function chainOf(network: Json | undefined): number[] {
  const [, number] = /^eip155:(\d+)$/.exec(String(network)) ?? [];
  return number === undefined ? [] : [Number(number)];
}

function numberIn(value: Json | undefined): number[] {
  return typeof value === "number" && Number.isSafeInteger(value) ? [value] : [];
}

function addressIn(value: Json | undefined): Address[] {
  const read = address(value);
  return read === undefined ? [] : [getAddress(read)];
}
