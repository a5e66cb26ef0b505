import { type Exchange, type FacilitatorRequest, type SellerSteps, sellerSteps } from "#sandbox";
import type { Mutant } from "../mutant.ts";
import { ofBothPermits } from "./of-both-permits.ts";

/** Sellers that know an authorization again, and do not look who signed it. */
export const forgedCopyMutants: readonly Mutant[] = [
  {
    id: "caches-refusals-without-the-signature",
    breaks: "Remembers of an authorization that its signature was wrong, and not which signature that was.",
    caughtBy: [
      "seller.authorization.forged-copy-spends-nothing",
      ...ofBothPermits("forged-copy-spends-nothing"),
    ],
    build: (reached) => {
      const refusals = new Map<string, Awaited<ReturnType<SellerSteps["verify"]>>>();
      return {
        steps: {
          ...sellerSteps,
          verify: async (exchange, order) => {
            const known = refusals.get(authorizationOf(order));
            if (known !== undefined) {
              reached();
              return known;
            }
            const verified = await sellerSteps.verify(exchange, order);
            const isForged =
              verified.kind === "refused" &&
              "reason" in verified.refusal &&
              verified.refusal.reason.includes("signature");
            if (isForged) refusals.set(authorizationOf(order), verified);
            return verified;
          },
        },
      };
    },
  },
  {
    id: "one-outcome-for-all-signatures",
    breaks:
      "Takes a payment under another signature for another payment, and verifies and settles each authorization once for all of them.",
    caughtBy: ["seller.authorization.forged-copy-gets-nothing"],
    build: (reached) => {
      const verdicts = sharing<Awaited<ReturnType<SellerSteps["verify"]>>>("verified");
      const settlements = sharing<Awaited<ReturnType<SellerSteps["settle"]>>>("settled", reached);
      return {
        steps: {
          ...sellerSteps,
          claim: (exchange, offer, payment) => {
            const { signature } = payment.payload.payload;
            const nonce = `${payment.authorization.nonce} ${String(signature).toLowerCase()}`;
            const authorization = Object.assign({ ...payment.authorization }, { nonce });
            return sellerSteps.claim(exchange, offer, { ...payment, authorization });
          },
          verify: (exchange, order) =>
            verdicts(exchange, order, async () => sellerSteps.verify(exchange, order)),
          settle: (exchange, order) =>
            settlements(exchange, order, async () => sellerSteps.settle(exchange, order)),
        },
      };
    },
  },
];

/** Does something once for all copies of an authorization at one seller, under way or done, unless it fails. */
function sharing<Outcome extends { readonly kind: string }>(good: Outcome["kind"], shared = () => {}) {
  const outcomes = new WeakMap<object, Map<string, Promise<Outcome>>>();
  return async ({ seller }: Exchange, order: FacilitatorRequest, act: () => Promise<Outcome>) => {
    const ofSeller = outcomes.get(seller) ?? new Map<string, Promise<Outcome>>();
    outcomes.set(seller, ofSeller);
    const key = authorizationOf(order);
    const known = ofSeller.get(key);
    if (known !== undefined) {
      shared();
      return known;
    }
    const acting = act();
    ofSeller.set(key, acting);
    const outcome = await acting;
    if (outcome.kind !== good) ofSeller.delete(key);
    return outcome;
  };
}

/** What was signed, in any letter case. */
function authorizationOf({ paymentPayload }: FacilitatorRequest): string {
  const { signature: _, ...signed } = paymentPayload.payload;
  return JSON.stringify(signed).toLowerCase();
}
