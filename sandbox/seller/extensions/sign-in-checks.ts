import { verifyMessage } from "viem";
import { type SignInProof, signInMessage } from "../../protocol/index.ts";
import type { Awaitable } from "../exchange.ts";

/** What a proof is held against. */
export interface SignInGround {
  /** Where the seller is reached, by its own knowledge, e.g. `https://api.example.com`. */
  readonly origin: string;
  /** The chain that buyers pay on, CAIP-2. */
  readonly network: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Whether one thing about a proof holds. */
export type SignInCheck = (proof: SignInProof, ground: SignInGround) => Awaitable<boolean>;

/** How old a challenge may be, in seconds. */
export const signInLifetime = 300;

/** What must hold for a proof (sign-in-with-x, Verification Logic), by the code that says what does not. */
export const signInChecks = {
  invalid_siwx_domain_mismatch: ({ domain }, { origin }) => domain === new URL(origin).host,
  invalid_siwx_uri_mismatch: ({ uri }, { origin }) => URL.parse(uri)?.origin === new URL(origin).origin,
  invalid_siwx_issued_at_too_old: ({ issuedAt }, { now }) =>
    Date.parse(issuedAt) >= now - signInLifetime * 1_000,
  invalid_siwx_issued_at_in_future: ({ issuedAt }, { now }) => Date.parse(issuedAt) <= now,
  invalid_siwx_expired: ({ expirationTime }, { now }) =>
    expirationTime === undefined || Date.parse(expirationTime) > now,
  invalid_siwx_not_yet_valid: ({ notBefore }, { now }) =>
    notBefore === undefined || Date.parse(notBefore) <= now,
  invalid_siwx_unsupported_chain: ({ chainId }, { network }) => chainId === network,
  invalid_siwx_signature: isSigned,
} as const satisfies Record<string, SignInCheck>;

/** An account's own signature; a wallet that is a contract would need a look at the chain. */
async function isSigned(proof: SignInProof): Promise<boolean> {
  const message = signInMessage(proof);
  if (message === undefined) return false;
  const { address, signature } = proof;
  return verifyMessage({ address, message, signature }).catch(() => false);
}
