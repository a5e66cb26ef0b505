import { type Mutant, replacing } from "../mutant.ts";
import { ofBothPermits } from "./of-both-permits.ts";

/** Sellers that refuse a payment badly. */
export const refusalMutants: readonly Mutant[] = [
  {
    id: "refuses-without-saying-why",
    breaks: "Answers a bad payment as if there were none.",
    caughtBy: [
      "seller.refusal.says-why",
      "seller.refusal.names-the-facilitators-reason",
      ...ofBothPermits("without-allowance"),
    ],
    build: replacing("refuse", (original, reached) => (exchange, offer, refusal) => {
      if (refusal.kind !== "invalid") return original(exchange, offer, refusal);
      reached();
      return original(exchange, offer, { ...refusal, reason: "Payment required" });
    }),
  },
  {
    id: "has-one-reason-for-everything",
    breaks: "Gives the same reason for whatever is wrong with a payment.",
    caughtBy: ["seller.refusal.names-the-facilitators-reason", ...ofBothPermits("without-allowance")],
    build: replacing("refuse", (original, reached) => (exchange, offer, refusal) => {
      if (refusal.kind !== "invalid") return original(exchange, offer, refusal);
      reached();
      return original(exchange, offer, { ...refusal, reason: "Payment could not be verified" });
    }),
  },
  {
    id: "asks-for-more-after-a-refusal",
    breaks: "Raises the price for somebody whose payment was refused.",
    caughtBy: ["seller.refusal.asks-for-the-same-terms"],
    build: replacing("refuse", (original, reached) => (exchange, offer, refusal) => {
      if (refusal.kind !== "invalid") return original(exchange, offer, refusal);
      reached();
      const amount = String(BigInt(offer.requirements.amount) * 2n);
      return original(exchange, { ...offer, requirements: { ...offer.requirements, amount } }, refusal);
    }),
  },
];
