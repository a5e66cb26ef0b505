import {
  type Answer,
  fromBase64Json,
  type Offer,
  type PaymentRequirements,
  type SellerSteps,
  sellerSteps,
  toBase64Json,
} from "#sandbox";
import type { Mutant } from "../mutant.ts";
import { onTerms } from "./matching.ts";

/** The steps of a seller that offers a second token, and takes payments in the first. */
export const offeringTwoTokens: SellerSteps = offeringAlso(inAnotherToken);

/** The steps of a seller that offers a second price, and sells at both. */
export const sellingAtTwoPrices: SellerSteps = {
  ...offeringAlso(atTwice),
  match: (exchange, offer, payment) => {
    const second = atTwice(offer.requirements);
    const isSecond = payment.payload.accepted.amount === second.amount;
    return sellerSteps.match(exchange, isSecond ? { ...offer, requirements: second } : offer, payment);
  },
};

/** Sellers that can be paid in two tokens, and do not hold a payment against one of their entries as a whole. */
export const entryMutants: readonly Mutant[] = [
  mixing(
    "mixes-its-entries",
    "Takes a payment of which every field stands in some entry: the token of one for the amount of another.",
    (accepted, entries) =>
      entries.some(({ amount }) => amount === accepted.amount) &&
      entries.some(({ asset }) => asset === accepted.asset),
  ),
  mixing(
    "pays-every-entry-in-its-token",
    "Takes the price from the entry that was accepted, and the token from the one that it offers first.",
    (accepted, entries) =>
      entries.some(({ amount, asset }) => amount === accepted.amount && asset === accepted.asset),
  ),
  {
    id: "sells-by-its-first-entry",
    breaks: "Offers a second price, and takes payments at the first one only.",
    caughtBy: ["seller.terms.every-entry-buys"],
    build: (reached) => ({
      steps: {
        ...offeringAlso(atTwice),
        match: (exchange, offer, payment) => {
          if (payment.payload.accepted.amount === atTwice(offer.requirements).amount) reached();
          return sellerSteps.match(exchange, offer, payment);
        },
      },
    }),
  },
];

/** The reference's steps, whose challenges have a second entry. */
function offeringAlso(second: (requirements: PaymentRequirements) => PaymentRequirements): SellerSteps {
  const withBoth = (answer: Answer, { requirements }: Offer) =>
    offeringBoth(answer, [requirements, second(requirements)]);
  return {
    ...sellerSteps,
    challenge: async (exchange, offer) => withBoth(await sellerSteps.challenge(exchange, offer), offer),
    refuse: async (exchange, offer, refusal) =>
      withBoth(await sellerSteps.refuse(exchange, offer, refusal), offer),
  };
}

function mixing(
  id: string,
  breaks: string,
  fits: (accepted: PaymentRequirements, entries: readonly PaymentRequirements[]) => boolean,
): Mutant {
  return {
    id,
    breaks,
    caughtBy: ["seller.terms.entries-are-not-mixed"],
    build: (reached) => ({
      steps: {
        ...offeringTwoTokens,
        match: (exchange, offer, payment) => {
          const { requirements } = offer;
          const { payload: paymentPayload } = payment;
          const { accepted } = paymentPayload;
          const entries = [requirements, inAnotherToken(requirements)];
          if (accepted.amount === requirements.amount || !fits(accepted, entries))
            return sellerSteps.match(exchange, offer, payment);
          reached();
          const terms = { amount: accepted.amount, asset: requirements.asset };
          const order = onTerms({ x402Version: 2, paymentPayload, paymentRequirements: requirements }, terms);
          return { kind: "matched", order };
        },
      },
    }),
  };
}

/** A tenth less, in units of a token that is worth more. */
function inAnotherToken(requirements: PaymentRequirements): PaymentRequirements {
  return {
    ...requirements,
    amount: String((BigInt(requirements.amount) * 9n) / 10n),
    asset: "0x808456652fdb597867f38412077A9182bf77359F",
    extra: { ...requirements.extra, name: "EURC" },
  };
}

function atTwice(requirements: PaymentRequirements): PaymentRequirements {
  return { ...requirements, amount: String(2n * BigInt(requirements.amount)) };
}

function offeringBoth(answer: Answer, accepts: readonly PaymentRequirements[]): Answer {
  const challenge = fromBase64Json(answer.headers["payment-required"] ?? "");
  if (!challenge.ok) return answer;
  const header = toBase64Json({ ...Object(challenge.value), accepts });
  return { ...answer, headers: { ...answer.headers, "payment-required": header } };
}
