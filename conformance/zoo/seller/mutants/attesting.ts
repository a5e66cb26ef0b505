import type { Mutant } from "../mutant.ts";
import { offering, offeringOf } from "../signed-artifacts.ts";

/** Sellers that sign offers as they should be signed, and something else in them. */
export const attestingMutants: readonly Mutant[] = [
  offering({
    id: "signs-a-lower-price",
    breaks: "Signs offers of another amount than it asks for.",
    caughtBy: ["seller.offer-receipt.offers-are-of-accepts"],
    change: offeringOf(({ amount }) => ({ amount: String(BigInt(amount) - 1n) })),
  }),
  offering({
    id: "signs-for-another-payee",
    breaks: "Signs offers that pay another address than it asks to pay.",
    caughtBy: ["seller.offer-receipt.offers-are-of-accepts"],
    change: offeringOf(() => ({ payTo: "0x00000000000000000000000000000000DeaDBeef" })),
  }),
  offering({
    id: "signs-offers-for-another-resource",
    breaks: "Signs offers for one resource, whichever was asked for.",
    caughtBy: ["seller.offer-receipt.offers-name-the-resource"],
    change: offeringOf(({ resourceUrl }) => ({ resourceUrl: new URL("/another", resourceUrl).href })),
  }),
  offering({
    id: "signs-offers-that-are-over",
    breaks: "Signs offers that ended an hour ago.",
    caughtBy: ["seller.offer-receipt.offers-are-valid-now"],
    change: offeringOf(({ validUntil = 0 }) => ({ validUntil: validUntil - 3_600 })),
  }),
  offering({
    id: "signs-offers-in-milliseconds",
    breaks: "Tells in milliseconds until when an offer is valid.",
    caughtBy: ["seller.offer-receipt.offers-are-valid-now"],
    change: offeringOf(({ validUntil = 0 }) => ({ validUntil: validUntil * 1_000 })),
  }),
  offering({
    id: "counts-offers-from-one",
    breaks: "Counts the entries of `accepts` from one.",
    caughtBy: ["seller.offer-receipt.offers-point-at-their-entry"],
    change: (offer) => ({ ...offer, acceptIndex: 1 }),
  }),
];
