import { type FacilitatorRequest, type Payment, type PaymentRequirements, sellerSteps } from "#sandbox";
import { type Mutant, replacing } from "../mutant.ts";
import { ofBothPermits } from "./of-both-permits.ts";

/** Sellers that hold a payment against the wrong terms. */
export const matchingMutants: readonly Mutant[] = [
  believing("amount", [
    "seller.terms.amount-lowered",
    "seller.terms.claimed-before-any-challenge",
    "seller.terms.amount-zero",
    "seller.terms.amount-raised",
    "seller.malformed.duplicate-amounts",
    "seller.replay.dearer-route",
    ...ofBothPermits("amount-lowered"),
  ]),
  believing("payTo", [
    "seller.terms.pay-to-another",
    "seller.terms.claimed-before-any-challenge",
    ...ofBothPermits("pay-to-another"),
  ]),
  believing("asset", ["seller.terms.worthless-asset", ...ofBothPermits("worthless-asset")]),
  {
    id: "has-its-price-from-the-first-buyer",
    breaks: "Asks what the buyer says to have been asked for, until it has asked somebody itself.",
    caughtBy: ["seller.terms.claimed-before-any-challenge"],
    build: (reached) => {
      const asking = new WeakSet<object>();
      return {
        steps: {
          ...sellerSteps,
          challenge: (exchange, offer) => {
            asking.add(exchange.seller);
            return sellerSteps.challenge(exchange, offer);
          },
          match: (exchange, offer, payment) => {
            const { amount } = payment.payload.accepted;
            if (asking.has(exchange.seller) || amount === offer.requirements.amount)
              return sellerSteps.match(exchange, offer, payment);
            reached();
            const requirements = { ...offer.requirements, amount };
            return sellerSteps.match(exchange, { ...offer, requirements }, payment);
          },
        },
      };
    },
  },
  overlooking("network", ["seller.terms.other-network", ...ofBothPermits("other-network")]),
  overlooking("scheme", ["seller.terms.other-scheme"]),
  {
    id: "takes-the-signed-amount",
    breaks: "Is content with whatever amount was signed.",
    caughtBy: [
      "seller.authorization.underpaid-by-one",
      "seller.authorization.overpaid-by-one",
      "seller.authorization.pays-nothing",
      "seller.malformed.duplicate-amounts",
      "seller.malformed.duplicate-payloads",
      "seller.malformed.prototype-keys",
      "seller.settlement.false-yes-to-an-underpayment",
      ...ofBothPermits("underpaid-by-one"),
    ],
    build: replacing("match", (original, reached) => async (exchange, offer, payment) => {
      const matched = await original(exchange, offer, payment);
      const amount = payment.authorization.value;
      if (matched.kind !== "matched" || amount === offer.requirements.amount) return matched;
      reached();
      return { kind: "matched", order: onTerms(matched.order, { amount }) };
    }),
  },
  {
    id: "takes-the-signed-payee",
    breaks: "Is content with whoever is paid.",
    caughtBy: ["seller.authorization.pays-another", ...ofBothPermits("pays-another")],
    build: replacing("match", (original, reached) => async (exchange, offer, payment) => {
      const matched = await original(exchange, offer, payment);
      const payTo = payment.authorization.to;
      if (matched.kind !== "matched" || payTo.toLowerCase() === offer.requirements.payTo.toLowerCase())
        return matched;
      reached();
      return { kind: "matched", order: onTerms(matched.order, { payTo }) };
    }),
  },
  {
    id: "takes-the-price-of-another-route",
    breaks: "Takes what another route costs for what this one costs.",
    caughtBy: ["seller.replay.dearer-route"],
    build: replacing("match", (original, reached) => (exchange, offer, payment) => {
      const { value } = payment.authorization;
      if (value !== cheapest || BigInt(offer.requirements.amount) <= BigInt(cheapest))
        return original(exchange, offer, payment);
      reached();
      const accepted = { ...payment.payload.accepted, amount: cheapest };
      const requirements = { ...offer.requirements, amount: cheapest };
      const cheap = { ...payment, payload: { ...payment.payload, accepted } };
      return original(exchange, { ...offer, requirements }, cheap);
    }),
  },
  {
    id: "payment-opens-every-route",
    breaks: "Serves any route for a payment that was made for another.",
    caughtBy: ["seller.replay.other-route", "seller.replay.dearer-route", "seller.terms.other-resource"],
    build: replacing("match", (original, reached) => (exchange, offer, payment) => {
      const { resource = offer.resource, accepted } = payment.payload;
      if (resource.url === offer.resource.url || !routePrices.has(accepted.amount)) {
        return original(exchange, offer, payment);
      }
      reached();
      const { amount, extra = {} } = accepted;
      return original(
        exchange,
        { ...offer, resource, requirements: { ...offer.requirements, amount, extra } },
        withoutExtensions(payment),
      );
    }),
  },
];

/** A payment that echoes no extension, so that none can tell which route it was made for. */
function withoutExtensions(payment: Payment): Payment {
  const { extensions: _, ...payload } = payment.payload;
  return { ...payment, payload };
}

/** The lowest price of the reference seller, in atomic units. */
const cheapest = "1000";

/** Prices of the reference seller's routes, in atomic units. */
const routePrices = new Set(["1000", "2000", "3000", "50000"]);

/** Takes one of the terms from what the buyer says it accepted, and asks the facilitator about that. */
function believing(term: "amount" | "payTo" | "asset", caughtBy: readonly string[]): Mutant {
  return {
    id: `believes-the-accepted-${term}`,
    breaks: `Takes ${term} from what the buyer says it accepted.`,
    caughtBy,
    build: replacing("match", (original, reached) => (exchange, offer, payment) => {
      const believed = payment.payload.accepted[term];
      if (believed !== offer.requirements[term]) reached();
      const requirements = { ...offer.requirements, [term]: believed };
      return original(exchange, { ...offer, requirements }, payment);
    }),
  };
}

/** Does not look at one of the terms, and tells the facilitator that it was right. */
function overlooking(term: "network" | "scheme", caughtBy: readonly string[]): Mutant {
  return {
    id: `overlooks-the-${term}`,
    breaks: `Does not compare accepted.${term}.`,
    caughtBy,
    build: replacing("match", (original, reached) => (exchange, offer, payment) => {
      const { accepted } = payment.payload;
      if (accepted[term] !== offer.requirements[term]) reached();
      const corrected = { ...accepted, [term]: offer.requirements[term] };
      return original(exchange, offer, { ...payment, payload: { ...payment.payload, accepted: corrected } });
    }),
  };
}

/** The same order as if these had been the terms, on both sides. */
export function onTerms(order: FacilitatorRequest, terms: Partial<PaymentRequirements>): FacilitatorRequest {
  const { paymentPayload, paymentRequirements } = order;
  return {
    ...order,
    paymentRequirements: { ...paymentRequirements, ...terms },
    paymentPayload: { ...paymentPayload, accepted: { ...paymentPayload.accepted, ...terms } },
  };
}
