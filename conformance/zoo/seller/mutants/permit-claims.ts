import { isByPermit2, type SellerSteps, sellerSteps } from "#sandbox";
import { type Mutant, replacing } from "../mutant.ts";
import { ofBothPermits } from "./of-both-permits.ts";

type Signed = Parameters<SellerSteps["claim"]>[2]["authorization"];

/** Sellers that take one permit for another, or lose count of those that were used. */
export const permitClaimMutants: readonly Mutant[] = [
  knowingPermitsBy({
    id: "knows-permits-by-the-spelling-of-their-nonce",
    breaks: "Takes a permit whose nonce is written with a zero before it for another permit.",
    caughtBy: [...ofBothPermits("nonce-with-zeros-at-once"), "seller.upto.nonce-with-zeros"],
    signed: (signed, payload) => ({ ...signed, nonce: `0x${/"nonce":"(\d+)"/.exec(payload)?.[1] ?? ""}` }),
  }),
  knowingPermitsBy({
    id: "knows-permits-by-their-nonce-alone",
    breaks: "Takes a permit for one that was used because another buyer's had the same nonce.",
    caughtBy: ofBothPermits("same-nonce-of-another-payer"),
    signed: (signed) => ({ ...signed, from: `0x${"0".repeat(40)}` }),
  }),
  {
    id: "never-frees-permits",
    breaks: "Counts a permit as used for ever, although it was refused.",
    caughtBy: ofBothPermits("forged-copy-spends-nothing"),
    build: replacing("claim", (original, reached) => async (exchange, offer, payment) => {
      const claimed = await original(exchange, offer, payment);
      if (claimed.kind === "refused" || !isByPermit2(offer.requirements)) return claimed;
      return { ...claimed, claim: { ...claimed.claim, release: reached } };
    }),
  },
  {
    id: "forgets-uncharged-permits",
    breaks: "Does not remember permits that it charged nothing for.",
    caughtBy: ["seller.upto.uncharged-permit-twice", "seller.upto.nonce-with-zeros"],
    build: (reached) => {
      const uncharged = new WeakSet<object>();
      return {
        steps: {
          ...sellerSteps,
          claim: async (exchange, offer, payment) => {
            const claimed = await sellerSteps.claim(exchange, offer, payment);
            if (claimed.kind === "refused") return claimed;
            const { claim } = claimed;
            const settled = () => (uncharged.has(exchange.request) ? claim.release() : claim.settled());
            return { ...claimed, claim: { ...claim, settled } };
          },
          settle: (exchange, order) => {
            if (order.paymentRequirements.amount === "0") {
              reached();
              uncharged.add(exchange.request);
            }
            return sellerSteps.settle(exchange, order);
          },
        },
      };
    },
  },
];

/** Looks up whether a permit was used by something else than its payer and its nonce. */
function knowingPermitsBy({
  signed,
  ...facts
}: Omit<Mutant, "build"> & { readonly signed: (signed: Signed, payload: string) => Signed }): Mutant {
  return {
    ...facts,
    build: replacing("claim", (original, reached) => (exchange, offer, payment) => {
      if (!isByPermit2(offer.requirements)) return original(exchange, offer, payment);
      reached();
      const authorization = signed(payment.authorization, JSON.stringify(payment.payload.payload));
      return original(exchange, offer, { ...payment, authorization });
    }),
  };
}
