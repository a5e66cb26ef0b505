import {
  type Exchange,
  type FacilitatorRequest,
  type Offer,
  paymentFromV1,
  sellerSteps,
  toBase64Json,
  x402V1,
} from "#sandbox";
import { besideV2, type Mutant, replacing } from "../mutant.ts";

/** Sellers of x402 v1 that get wrong what is v1's own, alone or beside v2. */
export const v1Mutants: readonly Mutant[] = [
  {
    id: "v1-receipt-with-v2-network",
    breaks: "Names the network in the receipt as x402 v2 does.",
    protocol: "x402@1",
    caughtBy: ["seller.v1.retry-receipt-network"],
    build: replacing("respond", (original, reached) => async (exchange, goods, settlement) => {
      const answer = await original(exchange, goods, settlement);
      if (settlement.kind !== "settled") return answer;
      reached();
      const receipt = { "x-payment-response": toBase64Json(settlement.receipt) };
      return { ...answer, headers: { ...answer.headers, ...receipt } };
    }),
  },
  {
    id: "v1-header-case-matters",
    breaks: "Reads X-PAYMENT only when it is spelled in lower or upper case.",
    protocol: "x402@1",
    caughtBy: ["seller.v1.retry-header-name-in-any-case"],
    build: (reached) => ({
      front: (request, _response, forward) => {
        const [spelling = ""] = request.rawHeaders.filter((name) => /^x-payment$/i.test(name));
        if (spelling !== spelling.toLowerCase() && spelling !== spelling.toUpperCase()) {
          reached();
          delete request.headers["x-payment"];
        }
        forward();
      },
    }),
  },
  {
    id: "v1-believes-its-own-terms",
    breaks: "Does not look at scheme and network of a v1 payment.",
    protocol: "x402@1",
    caughtBy: ["seller.v1.terms-other-scheme", "seller.v1.terms-other-network"],
    build: replacing("match", (original, reached) => (exchange, offer, payment) => {
      const { scheme, network } = offer.requirements;
      const { accepted } = payment.payload;
      if (accepted.scheme !== scheme || accepted.network !== network) reached();
      const payload = { ...payment.payload, accepted: { ...accepted, scheme, network } };
      return original(exchange, offer, { ...payment, payload });
    }),
  },
  {
    id: "v1-refuses-in-one-word",
    breaks: "Refuses a payment without saying again how to pay.",
    protocol: "x402@1",
    caughtBy: [
      "seller.v1.refusal-has-the-same-keys",
      "seller.v1.settlement-verify-refusal-is-402-with-a-challenge",
    ],
    build: replacing("refuse", (original, reached) => async (exchange, offer, refusal) => {
      reached();
      return { ...(await original(exchange, offer, refusal)), body: JSON.stringify({ error: "invalid" }) };
    }),
  },
  {
    id: "v1-refuses-in-the-shape-of-v2",
    breaks: "Refuses a payment with a challenge whose version and price are written as in x402 v2.",
    protocol: "x402@1",
    caughtBy: ["seller.v1.settlement-verify-refusal-is-402-with-a-challenge"],
    build: replacing("refuse", (original, reached) => async (exchange, offer, refusal) => {
      const answer = await original(exchange, offer, refusal);
      if (answer.status !== 402) return answer;
      reached();
      const { error, accepts } = JSON.parse(String(answer.body));
      return {
        ...answer,
        body: JSON.stringify({ x402Version: 2, error, accepts: accepts.map(pricedAsInV2) }),
      };
    }),
  },
  besideV2({
    id: "v1-buyers-are-answered-in-v2",
    breaks: "Gives every buyer its receipt as x402 v2 does.",
    protocol: "x402@1",
    caughtBy: [
      "seller.v1.retry-receipt",
      "seller.v1.settlement-failure-has-a-receipt",
      "seller.v1.settlement-failure-asks-again",
      "seller.v1.both-get-their-own-receipt",
    ],
    build: replacing("respond", (original, reached) => (exchange, goods, settlement) => {
      reached();
      return original(payingInV2(exchange), goods, settlement);
    }),
  }),
  besideV2({
    id: "v2-costs-more-than-v1",
    breaks: "Asks buyers of v2 for another price than buyers of v1.",
    protocol: "x402@1",
    caughtBy: ["seller.v1.both-ask-for-the-same"],
    build: (reached) => ({
      steps: {
        ...sellerSteps,
        offer: async (exchange) => {
          const offer = await sellerSteps.offer(exchange);
          const inV2 = exchange.request.headers["payment-signature"] !== undefined;
          return offer !== undefined && inV2 ? dearer(offer) : offer;
        },
        challenge: async (exchange, offer) => {
          reached();
          const answer = await sellerSteps.challenge(exchange, offer);
          const { headers } = await sellerSteps.challenge(exchange, dearer(offer));
          return { ...answer, headers };
        },
      },
    }),
  }),
  besideV2({
    id: "takes-both-payments",
    breaks: "Takes the payment in v1 as well when a request pays in both versions.",
    protocol: "x402@1",
    caughtBy: ["seller.v1.both-headers-are-one-payment"],
    build: replacing("settle", (original, reached) => async (exchange, order) => {
      const second = inBothHeaders(exchange) ? orderInV1(exchange, order) : undefined;
      if (second !== undefined) {
        reached();
        await original(exchange, second);
      }
      return original(exchange, order);
    }),
  }),
  besideV2({
    id: "one-book-per-version",
    breaks: "Does not notice that a payment is in use by a request of the other version.",
    protocol: "x402@1",
    caughtBy: ["seller.v1.both-at-once"],
    build: replacing("claim", (original, reached) => (exchange, offer, payment) => {
      if (exchange.request.headers["x-payment"] === undefined) return original(exchange, offer, payment);
      reached();
      const requirements = { ...offer.requirements, asset: `${offer.requirements.asset} in v1` };
      return original(exchange, { ...offer, requirements }, payment);
    }),
  }),
];

/** An entry of v1 whose price has the name that it has in v2. */
function pricedAsInV2({ maxAmountRequired, ...entry }: Record<string, unknown>): Record<string, unknown> {
  return { ...entry, amount: maxAmountRequired };
}

/** The same offer for one atomic unit more. */
function dearer(offer: Offer): Offer {
  const { requirements } = offer;
  return { ...offer, requirements: { ...requirements, amount: String(BigInt(requirements.amount) + 1n) } };
}

/** The same exchange, as if its buyer spoke v2. */
function payingInV2<E extends Exchange>(exchange: E): E {
  const [newest] = exchange.seller.protocols;
  return { ...exchange, seller: { ...exchange.seller, protocols: [newest] } };
}

function inBothHeaders({ request: { headers } }: Exchange): boolean {
  return headers["x-payment"] !== undefined && headers["payment-signature"] !== undefined;
}

function orderInV1({ request }: Exchange, order: FacilitatorRequest): FacilitatorRequest | undefined {
  const sent = x402V1.readPayment(request.headers);
  if (sent?.ok !== true) return undefined;
  const payment = paymentFromV1(sent.value, order.paymentRequirements);
  return payment.ok ? { ...order, paymentPayload: payment.value } : undefined;
}
