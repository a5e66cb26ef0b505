import { type Mutant, replacing } from "../mutant.ts";

/** What must not be delivered, since the transaction that is named does not show that the price arrived. */
export const everyFailedTransaction = [
  "seller.chain.reverted",
  "seller.chain.cancelled",
  "seller.chain.token-fails-silently",
  "seller.chain.token-takes-a-fee",
  "seller.chain.token-emits-no-event",
];

/** What no work must be done for, since the facilitator cannot ask its node. */
export const everyNodeOutage = [
  "seller.chain.node-refuses",
  "seller.chain.node-is-down",
  "seller.chain.node-answers-429",
];

/** Sellers that misread what became of a payment on the chain. */
export const chainMutants: readonly Mutant[] = [
  {
    id: "takes-any-transaction-for-settlement",
    breaks: "Delivers when a failed settlement names a transaction.",
    caughtBy: everyFailedTransaction,
    build: replacing("respond", (original, reached) => (exchange, goods, settlement) => {
      if (settlement.kind !== "failed" || settlement.receipt.transaction === "")
        return original(exchange, goods, settlement);
      reached();
      return goods;
    }),
  },
  {
    id: "takes-an-unchecked-payment-for-valid",
    breaks: "Does the work when the facilitator says that it could not check the payment.",
    caughtBy: everyNodeOutage,
    build: replacing("verify", (original, reached) => async (exchange, order) => {
      const verified = await original(exchange, order);
      if (verified.kind === "verified" || verified.refusal.kind !== "invalid") return verified;
      if (verified.refusal.reason !== "unexpected_verify_error") return verified;
      reached();
      return { kind: "verified" };
    }),
  },
];
