import type { Mutant } from "../mutant.ts";
import { offering, offeringOf, receipting, receiptOf } from "../signed-artifacts.ts";

/** Sellers that sign as they should, and something else than they should. */
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
  receipting({
    id: "signs-receipts-for-another-payer",
    breaks: "Signs receipts in the name of one customer, whoever paid.",
    caughtBy: ["seller.offer-receipt.receipts-name-the-payer"],
    change: receiptOf(() => ({ payer: "0x00000000000000000000000000000000DeaDBeef" })),
  }),
  receipting({
    id: "signs-receipts-for-another-transfer",
    breaks: "Signs receipts that tell a transaction which moved nothing.",
    caughtBy: ["seller.offer-receipt.receipts-name-the-transfer"],
    change: receiptOf(() => ({ transaction: `0x${"1".repeat(64)}` })),
  }),
  receipting({
    id: "signs-receipts-for-mainnet",
    breaks: "Signs receipts for Ethereum, whichever network was paid on.",
    caughtBy: ["seller.offer-receipt.receipts-name-the-network"],
    change: receiptOf(() => ({ network: "eip155:1" })),
  }),
  receipting({
    id: "signs-receipts-for-another-resource",
    breaks: "Signs receipts for one resource, whichever was paid for.",
    caughtBy: ["seller.offer-receipt.receipts-name-the-resource"],
    change: receiptOf(({ resourceUrl }) => ({ resourceUrl: new URL("/another", resourceUrl).href })),
  }),
  receipting({
    id: "signs-receipts-in-milliseconds",
    breaks: "Tells in milliseconds when a receipt was signed.",
    caughtBy: ["seller.offer-receipt.receipts-are-of-now"],
    change: receiptOf(({ issuedAt }) => ({ issuedAt: issuedAt * 1_000 })),
  }),
];
