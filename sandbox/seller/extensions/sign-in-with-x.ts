import { randomBytes } from "node:crypto";
import { readSignInProof, signInInfoSchema, signInWithXKey } from "../../protocol/index.ts";
import type { Offer } from "../exchange.ts";
import type { SellerExtension } from "./extension.ts";
import { Recent } from "./recent.ts";
import { type SignInCheck, signInChecks, signInLifetime } from "./sign-in-checks.ts";

/** Who paid may come back for an hour; of at most this many purchases. */
const remembered = { seconds: 3_600, entries: 100_000 };

/**
 * `sign-in-with-x`: who has paid for a request may make the same one again by signing in. Only a proof that opens
 * something is used up, so that what is remembered is bounded by what was sold.
 *
 * @param checks what a proof must stand, by the code that refuses it
 */
export function signInWithX(checks: Readonly<Record<string, SignInCheck>> = signInChecks): SellerExtension {
  const sold = new Recent<true>(remembered);
  const used = new Recent<true>({ seconds: 2 * signInLifetime, entries: Number.POSITIVE_INFINITY });
  return {
    key: signInWithXKey,
    headers: ["SIGN-IN-WITH-X"],
    describe: ({ request, seller, offer }) => {
      const { pathname, search } = new URL(request.url);
      const origin = seller.origin();
      return {
        info: { domain: new URL(origin).host, uri: `${origin}${pathname}${search}`, version: "1" },
        supportedChains: [{ chainId: offer.requirements.network, type: "eip191" }],
        schema: signInInfoSchema,
      };
    },
    renew: () => {
      const now = Date.now();
      return {
        nonce: randomBytes(16).toString("hex"),
        issuedAt: new Date(now).toISOString(),
        expirationTime: new Date(now + signInLifetime * 1_000).toISOString(),
      };
    },
    admit: async ({ request, seller, offer }) => {
      const proof = readSignInProof(request.headers);
      if (proof === undefined) return { kind: "not-asked" };
      if (!proof.ok) return { kind: "refused", reason: proof.error.message };
      const ground = { origin: seller.origin(), network: offer.requirements.network, now: Date.now() };
      for (const [reason, holds] of Object.entries(checks)) {
        if (!(await holds(proof.value, ground))) return { kind: "refused", reason };
      }
      const { address, nonce } = proof.value;
      if (sold.get(purchaseOf(offer, address)) === undefined)
        return { kind: "refused", reason: "Payment required" };
      // Nothing is waited for from here on, so that of parallel requests one is let in.
      if (used.get(nonce) !== undefined) return { kind: "refused", reason: "invalid_siwx_nonce" };
      used.set(nonce, true);
      return { kind: "admitted" };
    },
    settled: ({ offer }, { payer }) => {
      if (payer !== undefined) sold.set(purchaseOf(offer, payer), true);
      return undefined;
    },
  };
}

function purchaseOf({ requestHash }: Offer, payer: string): string {
  return `${payer.toLowerCase()} ${requestHash}`;
}
