import { readSignInProof, type SignInCheck, signInChecks, signInWithX } from "#sandbox";
import { changing, type Mutant } from "../mutant.ts";

const key = "sign-in-with-x";

/** Sellers that let payers come back by signing in, and are wrong about one thing in it. */
export const signInMutants: readonly Mutant[] = [
  nonces({
    id: "nonce-is-always-the-same",
    breaks: "Gives every challenge the same nonce.",
    caughtBy: ["seller.sign-in.nonces-are-fresh"],
    nonce: () => "0123456789abcdef0123456789abcdef",
  }),
  nonces({
    id: "nonce-is-short",
    breaks: "Makes nonces of 16 characters.",
    caughtBy: ["seller.sign-in.nonces-are-fresh"],
    nonce: (nonce) => String(nonce).slice(0, 16),
  }),
  not("invalid_siwx_domain_mismatch", {
    id: "minds-no-domain",
    breaks: "Takes proofs that were made for another domain.",
    caughtBy: ["seller.sign-in.for-another-domain", "seller.sign-in.for-a-domain-that-looks-alike"],
  }),
  not("invalid_siwx_uri_mismatch", {
    id: "minds-no-origin",
    breaks: "Takes proofs that were made for another origin.",
    caughtBy: ["seller.sign-in.for-another-origin", "seller.sign-in.for-an-origin-that-looks-alike"],
  }),
  holding("invalid_siwx_domain_mismatch", ({ domain }, { origin }) => domain.includes(new URL(origin).host), {
    id: "looks-for-its-domain-in-the-proof",
    breaks: "Takes proofs whose domain has its own somewhere in it.",
    caughtBy: ["seller.sign-in.for-a-domain-that-looks-alike"],
  }),
  holding("invalid_siwx_uri_mismatch", ({ uri }, { origin }) => uri.startsWith(origin), {
    id: "compares-the-beginning-of-uris",
    breaks: "Takes proofs whose URI begins with its own origin's letters.",
    caughtBy: ["seller.sign-in.for-an-origin-that-looks-alike"],
  }),
  not("invalid_siwx_issued_at_in_future", {
    id: "takes-proofs-of-tomorrow",
    breaks: "Takes proofs that are issued in the future.",
    caughtBy: ["seller.sign-in.issued-in-the-future"],
  }),
  not("invalid_siwx_issued_at_too_old", {
    id: "takes-proofs-of-yesterday",
    breaks: "Takes proofs however long ago they were issued.",
    caughtBy: ["seller.sign-in.issued-long-ago"],
  }),
  not("invalid_siwx_expired", {
    id: "takes-expired-proofs",
    breaks: "Takes proofs that have expired.",
    caughtBy: ["seller.sign-in.expired"],
  }),
  not("invalid_siwx_not_yet_valid", {
    id: "takes-early-proofs",
    breaks: "Takes proofs that are not valid yet.",
    caughtBy: ["seller.sign-in.not-yet-valid"],
  }),
  not("invalid_siwx_signature", {
    id: "believes-every-proof",
    breaks: "Does not look at the signature of a proof.",
    caughtBy: ["seller.sign-in.signed-by-a-stranger", "seller.sign-in.signed-for-another-chain"],
  }),
  admitting("invalid_siwx_nonce", {
    id: "takes-proofs-again",
    breaks: "Takes the same proof twice.",
    caughtBy: ["seller.sign-in.proof-opens-once"],
  }),
  admitting("Payment required", {
    id: "lets-in-whoever-signs",
    breaks: "Lets in whoever signs in, paid or not.",
    caughtBy: [
      "seller.sign-in.who-never-paid",
      "seller.sign-in.who-paid-for-another",
      "seller.sign-in.whose-settlement-failed",
    ],
  }),
  {
    id: "one-sale-opens-everything",
    breaks: "Lets in whoever signs in and has paid for anything, however cheap it was.",
    caughtBy: ["seller.sign-in.who-paid-for-another"],
    build: (reached) => {
      const payers = new Set<string>();
      return {
        extensions: changing(key, (own) => ({
          ...own,
          settled: (exchange, receipt) => {
            payers.add(String(receipt.payer).toLowerCase());
            return own.settled?.(exchange, receipt);
          },
          admit: async (exchange) => {
            const admission = (await own.admit?.(exchange)) ?? { kind: "not-asked" };
            if (admission.kind !== "refused" || admission.reason !== "Payment required") return admission;
            const proof = readSignInProof(exchange.request.headers);
            if (proof?.ok !== true || !payers.has(proof.value.address.toLowerCase())) return admission;
            reached();
            return { kind: "admitted" };
          },
        })),
      };
    },
  },
];

/** The reference, but it lets in where it would refuse for this reason. */
function admitting(reason: string, facts: Omit<Mutant, "build">): Mutant {
  return {
    ...facts,
    build: (reached) => ({
      extensions: changing(key, (own) => ({
        ...own,
        admit: async (exchange) => {
          const admission = (await own.admit?.(exchange)) ?? { kind: "not-asked" };
          if (admission.kind !== "refused" || admission.reason !== reason) return admission;
          reached();
          return { kind: "admitted" };
        },
      })),
    }),
  };
}

/** The reference without one of the checks of a proof. */
function not(code: keyof typeof signInChecks, facts: Omit<Mutant, "build">): Mutant {
  return holding(code, () => true, facts);
}

/** The reference with another check in place of one. */
function holding(
  code: keyof typeof signInChecks,
  instead: SignInCheck,
  facts: Omit<Mutant, "build">,
): Mutant {
  const check: SignInCheck = signInChecks[code];
  return {
    ...facts,
    build: (reached) => {
      const lenient: SignInCheck = async (proof, ground) => {
        const [holds, wouldHold] = [await instead(proof, ground), await check(proof, ground)];
        if (holds && !wouldHold) reached();
        return holds;
      };
      return { extensions: changing(key, () => signInWithX({ ...signInChecks, [code]: lenient })) };
    },
  };
}

function nonces({
  nonce,
  ...facts
}: Omit<Mutant, "build"> & { readonly nonce: (honest: unknown) => string }): Mutant {
  return {
    ...facts,
    build: (reached) => ({
      extensions: changing(key, (own) => ({
        ...own,
        renew: async (exchange) => {
          const renewed = await own.renew?.(exchange);
          reached();
          return { ...renewed, nonce: nonce(renewed?.nonce) };
        },
      })),
    }),
  };
}
