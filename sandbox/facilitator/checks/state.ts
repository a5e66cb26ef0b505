import type { StateSubject } from "../check.ts";

/**
 * Seconds that must be left before `validBefore`, as in the reference implementations: an authorization that ends
 * while its transaction is on the way would fail on chain.
 */
export const settlementMarginSeconds = 6n;

/** The asset is a token that can be paid with: a contract with EIP-3009, or for Permit2 one with allowances. */
export function asset({ payment, facts }: StateSubject): string | undefined {
  if (facts.token) return undefined;
  const standard = payment.method === "eip3009" ? "EIP-3009" : "ERC-20";
  return `asset ${payment.asset} is not a contract with ${standard}`;
}

/** The payer signed: a key's 65-byte low-s signature, or whatever the payer's contract takes (ERC-1271). */
export function signature({ facts }: StateSubject): string | undefined {
  return facts.signature.valid ? undefined : facts.signature.complaint;
}

/** `validBefore` lies ahead, with {@link settlementMarginSeconds} to spare. */
export function expired({ payment, facts }: StateSubject): string | undefined {
  const { validBefore } = payment.authorization;
  if (validBefore > facts.time + settlementMarginSeconds) return undefined;
  return `validBefore is ${validBefore}, the chain's time is ${facts.time} and ${settlementMarginSeconds} s must be left`;
}

/** `validAfter` has passed; the token wants it strictly earlier than the block. */
export function notYetValid({ payment, facts }: StateSubject): string | undefined {
  const { validAfter } = payment.authorization;
  return validAfter < facts.time
    ? undefined
    : `validAfter is ${validAfter}, the chain's time is ${facts.time}`;
}

/** The authorization was neither used nor cancelled. x402 has no code of its own for it. */
export function nonceUnused({ facts }: StateSubject): string | undefined {
  return facts.token?.nonceUsed ? "authorization is used or canceled: its nonce is spent" : undefined;
}

/** The payer holds what it promises. */
export function balance({ payment, facts }: StateSubject): string | undefined {
  const held = facts.token?.balance ?? 0n;
  const { value } = payment.authorization;
  return held >= value ? undefined : `the payer holds ${held}, the payment is ${value}`;
}
