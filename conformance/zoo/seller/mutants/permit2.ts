import { setTimeout as delay } from "node:timers/promises";
import { type Exchange, isByPermit2, type Offer, type SellerSteps, sellerSteps } from "#sandbox";
import { type Mutant, replacing } from "../mutant.ts";
import { headStart } from "./facilitator.ts";
import { everyReuseOfPermits, everyReuseOfTheUncharged, ofBothPermits } from "./of-both-permits.ts";
import { claimWhenFree, goodsOf, noClaim } from "./replay.ts";

/** Every case about a permit that does not pay, or cannot. */
const everyPermitFlaw = [
  ...ofBothPermits(
    "underpaid-by-one",
    "pays-another",
    "to-another-spender",
    "in-another-token",
    "for-another-chain",
    "broken-signature",
    "expired",
    "without-allowance",
  ),
  "seller.upto.for-another-facilitator",
];

/** Every case in which a settlement by Permit2 fails, is pending or unknown. */
const everyFailedPermitSettlement = ofBothPermits(
  "failed-settlement",
  "failed-settlement-withholds-the-handlers-headers",
  "delivers-nothing-on-settle-500",
  "delivers-nothing-on-settle-hangs-up",
  "delivers-nothing-on-settle-with-empty-transaction",
  "pending-is-not-success",
);

/** Sellers that deal badly with payments by Permit2, and with no others. */
export const permit2Mutants: readonly Mutant[] = [
  {
    id: "asks-for-permits-and-takes-none",
    breaks: "Asks to be paid by Permit2, and takes no such payment.",
    caughtBy: ofBothPermits("sold"),
    build: replacing("match", (original, reached) => (exchange, offer, payment) => {
      if (!isByPermit2(offer.requirements)) return original(exchange, offer, payment);
      reached();
      return { kind: "refused", refusal: { kind: "mismatch", reason: "accepted.scheme" } };
    }),
  },
  {
    id: "believes-every-permit",
    breaks: "Takes every payment by Permit2 for good and settled, whatever the facilitator says.",
    caughtBy: [...everyPermitFlaw, ...everyFailedPermitSettlement],
    build: (reached) => ({
      steps: {
        ...sellerSteps,
        verify: (exchange, order) =>
          isByPermit2(order.paymentRequirements) ? { kind: "verified" } : sellerSteps.verify(exchange, order),
        settle: async (exchange, order) => {
          const settlement = await sellerSteps.settle(exchange, order);
          if (settlement.kind === "settled" || !isByPermit2(order.paymentRequirements)) return settlement;
          reached();
          return settledUnseen(exchange, order);
        },
      },
    }),
  },
  {
    id: "serves-permits-before-they-settle",
    breaks: "Hands over what is paid by Permit2 while the facilitator is still settling.",
    caughtBy: [...ofBothPermits("settled-before-delivery", "receipt"), ...everyFailedPermitSettlement],
    build: replacing("settle", (original, reached) => async (exchange, order) => {
      if (!isByPermit2(order.paymentRequirements)) return original(exchange, order);
      reached();
      void original(exchange, order);
      await delay(headStart);
      return settledUnseen(exchange, order);
    }),
  },
  {
    id: "begins-permits-before-they-settle",
    breaks:
      "Sends the beginning of what is paid by Permit2 before the facilitator settles, and the rest then.",
    caughtBy: [...ofBothPermits("settled-before-delivery", "receipt"), ...everyFailedPermitSettlement],
    build: (reached) => {
      const settling = new WeakMap<object, Promise<unknown>>();
      return {
        steps: {
          ...sellerSteps,
          settle: async (exchange, order) => {
            if (!isByPermit2(order.paymentRequirements)) return sellerSteps.settle(exchange, order);
            settling.set(exchange.request, Promise.resolve(sellerSteps.settle(exchange, order)));
            return settledUnseen(exchange, order);
          },
          respond: async (exchange, goods, settlement) => {
            const answer = await sellerSteps.respond(exchange, goods, settlement);
            const settled = settling.get(exchange.request);
            if (settled === undefined || typeof answer.body !== "string") return answer;
            reached();
            return { ...answer, body: inTwo(answer.body, settled) };
          },
        },
      };
    },
  },
  {
    id: "charges-permits-for-failures",
    breaks: "Settles what was paid by Permit2 although its handler failed.",
    caughtBy: ofBothPermits("failed-handler"),
    build: replacing("handle", (original, reached) => async (exchange, work) => {
      const handled = await original(exchange, work);
      if (exchange.route.paidBy === "eip3009" || handled.kind === "done") return handled;
      reached();
      return { kind: "done", answer: handled.answer };
    }),
  },
  {
    id: "claims-no-permits",
    breaks: "Does not notice that a permit is in use by another request.",
    caughtBy: [...ofBothPermits("eight-at-once", "nonce-with-zeros-at-once"), ...everyReuseOfTheUncharged],
    build: replacing("claim", (original, reached) => (exchange, offer, payment) => {
      if (!isByPermit2(offer.requirements)) return original(exchange, offer, payment);
      reached();
      return { kind: "granted", claim: noClaim };
    }),
  },
  {
    id: "serves-permits-again",
    breaks: "Serves whoever shows a permit that was good once.",
    caughtBy: everyReuseOfPermits,
    build: replacing("claim", (original, reached) => async (exchange, offer, payment) => {
      if (!isByPermit2(offer.requirements)) return original(exchange, offer, payment);
      const claimed = await claimWhenFree(() => original(exchange, offer, payment));
      if (claimed.kind !== "refused") return claimed;
      reached();
      return { kind: "resumed", claim: noClaim, goods: await goodsOf(exchange) };
    }),
  },
  {
    id: "knows-permits-by-url",
    breaks: "Binds permits to no request, and asks nobody whether one that is new to a URL was used before.",
    caughtBy: ofBothPermits("permit-elsewhere"),
    build: (reached) => {
      const usedAt = new Map<string, string>();
      const served = new WeakSet<object>();
      return {
        steps: {
          ...sellerSteps,
          offer: async (exchange) => {
            const offer = await sellerSteps.offer(exchange);
            return offer === undefined || exchange.route.paidBy === "eip3009" ? offer : unbound(offer);
          },
          match: (exchange, offer, payment) => {
            if (!isByPermit2(offer.requirements)) return sellerSteps.match(exchange, offer, payment);
            const { resource: _resource, extensions: _extensions, ...payload } = payment.payload;
            return sellerSteps.match(exchange, offer, { ...payment, payload });
          },
          claim: async (exchange, offer, payment) => {
            const claimed = await sellerSteps.claim(exchange, offer, payment);
            if (!isByPermit2(offer.requirements)) return claimed;
            const { url } = exchange.request;
            const id = `${payment.authorization.from} ${payment.authorization.nonce}`;
            const before = usedAt.get(id);
            usedAt.set(id, url);
            if (claimed.kind !== "refused" || before === undefined || before === url) return claimed;
            reached();
            served.add(exchange.request);
            return { kind: "resumed", claim: noClaim, goods: await goodsOf(exchange) };
          },
          settle: (exchange, order) =>
            served.has(exchange.request)
              ? settledUnseen(exchange, order)
              : sellerSteps.settle(exchange, order),
        },
      };
    },
  },
  {
    id: "asks-for-an-allowance-by-402",
    breaks: "Answers a payment that only lacks an allowance like any other that does not verify.",
    caughtBy: ofBothPermits("without-allowance"),
    build: replacing("refuse", (original, reached) => async (exchange, offer, refusal) => {
      const answer = await original(exchange, offer, refusal);
      if (answer.status !== 412) return answer;
      reached();
      return { ...answer, status: 402 };
    }),
  },
];

/** The terms of a route, whatever is asked of it. */
function unbound(offer: Offer): Offer {
  const { requestHash: _, ...extra } = offer.requirements.extra ?? {};
  return { ...offer, requirements: { ...offer.requirements, extra } };
}

/** A text whose second half waits for something. */
async function* inTwo(text: string, then: Promise<unknown>): AsyncGenerator<string> {
  const half = Math.ceil(text.length / 2);
  yield text.slice(0, half);
  await then;
  yield text.slice(half);
}

/** The settlement as a seller imagines it. */
function settledUnseen(
  { seller }: Exchange,
  { paymentRequirements }: Parameters<SellerSteps["settle"]>[1],
): Awaited<ReturnType<SellerSteps["settle"]>> {
  const { network } = seller.terms;
  const { amount } = paymentRequirements;
  const transaction = amount === "0" ? "" : "0x00";
  return { kind: "settled", receipt: { success: true, transaction, network, amount } };
}
