import {
  type Exchange,
  type FacilitatorRequest,
  type Offer,
  paymentFromV1,
  sellerSteps,
  toBase64Json,
  x402V1,
} from "#sandbox";
import { sellerCases, v1IdOf } from "../../../cases/seller/index.ts";
import { planRun } from "../../../engine/index.ts";
import { auditId } from "../../../engine/seller/index.ts";
import { type Mutant, replacing } from "../mutant.ts";
import { againMutants } from "./again.ts";
import { atOnceMutants } from "./at-once.ts";
import { cacheMutants } from "./caches.ts";
import { decodingMutants } from "./decoding.ts";
import { failedSettlementMutants } from "./failed-settlement.ts";
import { falseReceiptMutants } from "./false-receipts.ts";
import { habitMutants } from "./habits.ts";
import { hasteMutants } from "./haste.ts";
import { matchingMutants } from "./matching.ts";
import { offerReceiptMutants } from "./offer-receipt.ts";
import { orderMutants } from "./order.ts";
import { replayMutants } from "./replay.ts";
import { retryMutants } from "./retry.ts";
import { reuseMutants } from "./reuse.ts";
import { wayBackMutants } from "./way-back.ts";

const inV2 = [
  ...retryMutants,
  ...matchingMutants,
  ...decodingMutants,
  ...orderMutants,
  ...failedSettlementMutants,
  ...falseReceiptMutants,
  ...replayMutants,
  ...offerReceiptMutants,
  ...againMutants,
  ...wayBackMutants,
  ...atOnceMutants,
  ...reuseMutants,
  ...hasteMutants,
  ...cacheMutants,
  ...habitMutants,
];

/** A v1 payment does not say what it is for, so that whoever takes it twice takes it anywhere. */
const elsewhereAtOnce = ["seller.v1.replay-two-routes-at-once", "seller.v1.replay-two-queries-at-once"];

/** Sellers of x402 v1 that get a sale wrong, alone or beside v2. */
export const v1Mutants: readonly Mutant[] = [
  inV1("takes-money-serves-nothing"),
  inV1("never-settles"),
  inV1("settles-after-delivery"),
  inV1("charges-for-failures"),
  inV1("charges-invalid-requests"),
  inV1("crashes-on-malformed-payments"),
  inV1("works-before-verifying"),
  inV1("echoes-the-facilitators-error"),
  inV1("ignores-failed-settlement", ["seller.v1.settlement-failure-asks-again"]),
  inV1("overlooks-the-verdict"),
  inV1("fails-open"),
  inV1("opens-in-a-long-outage"),
  inV1("takes-silence-for-settlement"),
  inV1("takes-money-on-any-network"),
  inV1("receipt-of-the-unknown"),
  inV1("takes-pending-for-settled"),
  inV1("forgets-pending-settlements"),
  inV1("forgets-who-hangs-up"),
  inV1("one-nonce-for-all-payers"),
  inV1("way-back-stays-open"),
  inV1("way-back-for-all"),
  inV1("no-claim", elsewhereAtOnce),
  inV1("claims-by-spelled-nonce"),
  inV1("claims-by-path"),
  inV1("claims-by-url"),
  inV1("knows-payments-by-their-request", elsewhereAtOnce),
  inV1("a-failure-is-a-voucher"),
  inV1("resumes-without-settling"),
  inV1("gives-away-what-it-kept"),
  inV1("publicly-cacheable"),
  inV1("idempotency-before-the-paywall"),
  inV1("offers-by-v1-network-name"),
  // A v1 payment does not say which terms it accepts: only its amount tells for which route it was made.
  inV1("takes-the-signed-amount", ["seller.v1.replay-other-route", "seller.v1.replay-dearer-route"]),
  inV1("takes-the-price-of-another-route", ["seller.v1.replay-other-route"]),
  inV1("believes-every-payment", [
    "seller.v1.replay-dearer-route",
    "seller.v1.replay-other-route",
    "seller.v1.replay-after-a-failed-handler",
    "seller.v1.settlement-failure-asks-again",
  ]),
  besideV2(
    inV1("sells-what-was-bought-again", [
      "seller.v1.replay-other-query",
      "seller.v1.replay-other-route-at-the-same-price",
      ...elsewhereAtOnce,
      "seller.v1.both-spend-one-authorization",
      "seller.v1.both-at-once",
    ]),
  ),
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

/**
 * A mutant of v2 that is just as wrong in v1. What catches it are the twins of the cases that catch it in v2, those
 * whose rule is the same in every version, and `also`.
 */
function inV1(id: string, also: readonly string[] = []): Mutant {
  const original = inV2.find((mutant) => mutant.id === id);
  if (original === undefined) throw new RangeError(`There is no mutant ${id} to build in v1.`);
  const played = new Set([auditId, ...planRun(sellerCases, { protocol: "x402@1" }).map((one) => one.id)]);
  const twins = original.caughtBy.map((caseId) => (played.has(caseId) ? caseId : v1IdOf(caseId)));
  const caughtBy = twins.filter((caseId) => played.has(caseId));
  return { ...original, id: `v1-${id}`, protocol: "x402@1", caughtBy: [...caughtBy, ...also] };
}

/** The same mutant, speaking both versions. */
function besideV2(mutant: Mutant): Mutant {
  const build: Mutant["build"] = (reached, sandbox) => ({
    ...mutant.build(reached, sandbox),
    protocols: ["x402@2", "x402@1"],
  });
  return { ...mutant, build };
}

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
