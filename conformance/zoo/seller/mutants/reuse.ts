import { createHash } from "node:crypto";
import {
  type Awaitable,
  type Claim,
  type Exchange,
  type FacilitatorRequest,
  type Payment,
  readerOf,
  type SandboxDescription,
  sellerSteps,
} from "#sandbox";
import type { Mutant } from "../mutant.ts";
import { paymentIn } from "./again.ts";
import { ofBothPermits } from "./of-both-permits.ts";
import { noClaim } from "./replay.ts";

/** Sellers that take a used payment for a new one because something around it is new, and one that loses count. */
export const reuseMutants: readonly Mutant[] = [
  forgetful({
    id: "knows-payments-by-their-header",
    breaks: "Takes a payment in another envelope for another payment, and verifies no authorization twice.",
    caughtBy: [
      "seller.authorization.forged-copy-gets-nothing",
      "seller.retry.same-nonce-of-another-payer",
      "seller.replay.rewrapped-with-other-resource",
      "seller.replay.rewrapped-with-other-extensions",
      "seller.replay.rewrapped-with-other-extra",
      "seller.replay.rewrapped-with-other-key-order",
      "seller.replay.rewrapped-with-signature-in-other-case",
      "seller.replay.rewrapped-with-nonce-in-other-case",
      "seller.replay.other-spellings-at-once",
      "seller.replay.second-keys-at-once",
      "seller.replay.rewrapped-with-payer-in-other-case",
      "seller.replay.sixty-four-envelopes-at-once",
      ...ofBothPermits("nonce-with-zeros-at-once"),
      "seller.upto.nonce-with-zeros",
    ],
    identity: ({ request }) => String(request.headers["payment-signature"]),
  }),
  forgetful({
    id: "knows-payments-by-their-request",
    breaks: "Takes a payment for another request for another payment, and verifies no authorization twice.",
    caughtBy: [
      "seller.retry.same-nonce-of-another-payer",
      "seller.replay.other-query",
      "seller.replay.other-route-at-the-same-price",
      "seller.replay.other-route-at-another-price",
      "seller.replay.second-keys-at-once",
    ],
    identity: ({ request }) => `${request.method} ${request.url}`,
  }),
  forgetful({
    id: "forgets-payments-when-they-expire",
    breaks: "Forgets a payment when its authorization ends, and verifies no authorization twice.",
    caughtBy: [
      "seller.retry.same-nonce-of-another-payer",
      "seller.replay.after-expiry",
      "seller.replay.second-keys-at-once",
    ],
    identity: async (_exchange, { authorization }, { rpcUrl }) => {
      const { timestamp } = await readerOf(rpcUrl).getBlock();
      return timestamp > BigInt(authorization.validBefore) ? "expired" : "";
    },
  }),
  {
    id: "guards-one-method",
    breaks: "Looks at payments with GET only: with other methods, whoever brings one is served.",
    caughtBy: ["seller.replay.other-method", "seller.access.other-method-takes-nothing"],
    build: (reached) => ({
      front: (request, response, forward) => {
        if (request.method === "GET" || request.headers["payment-signature"] === undefined) return forward();
        reached();
        response.writeHead(200, { "content-type": "application/json" }).end('{"sky":"clear"}');
      },
    }),
  },
  {
    id: "a-failure-is-a-voucher",
    breaks: "Serves whoever shows a payment whose handler failed, as often as it comes, and charges nothing.",
    caughtBy: ["seller.replay.after-a-failed-handler"],
    build: (reached) => {
      const vouchers = new Set<string>();
      return {
        steps: {
          ...sellerSteps,
          match: (exchange, offer, payment) => {
            if (!vouchers.has(paymentIn(exchange))) return sellerSteps.match(exchange, offer, payment);
            return {
              kind: "matched",
              order: {
                x402Version: 2,
                paymentPayload: payment.payload,
                paymentRequirements: offer.requirements,
              },
            };
          },
          verify: (exchange, order) =>
            vouchers.has(paymentIn(exchange)) ? { kind: "verified" } : sellerSteps.verify(exchange, order),
          claim: (exchange, offer, payment) =>
            vouchers.has(paymentIn(exchange))
              ? { kind: "granted", claim: noClaim }
              : sellerSteps.claim(exchange, offer, payment),
          handle: async (exchange, work) => {
            const handled = await sellerSteps.handle(exchange, work);
            if (handled.kind === "failed") vouchers.add(paymentIn(exchange));
            return handled;
          },
          settle: (exchange, order) => {
            if (!vouchers.has(paymentIn(exchange))) return sellerSteps.settle(exchange, order);
            reached();
            return unpaidReceipt(exchange);
          },
        },
      };
    },
  },
  {
    id: "overwhelmed",
    breaks: "Serves without settling while many payments are in flight.",
    caughtBy: ["seller.load.deliveries-equal-settlements", "seller.load.own-receipts"],
    build: (reached) => {
      let inFlight = 0;
      return {
        steps: {
          ...sellerSteps,
          claim: async (exchange, offer, payment) => {
            const claimed = await sellerSteps.claim(exchange, offer, payment);
            if (claimed.kind === "refused") return claimed;
            inFlight += 1;
            return {
              ...claimed,
              claim: counted(claimed.claim, () => {
                inFlight -= 1;
              }),
            };
          },
          settle: (exchange, order) => {
            if (inFlight <= manyPayments) return sellerSteps.settle(exchange, order);
            reached();
            return unpaidReceipt(exchange);
          },
        },
      };
    },
  },
];

/** More than the cases that run side by side have in flight. */
const manyPayments = 12;

/** A claim that tells when it has ended, however it did. */
function counted(claim: Claim, ended: () => void): Claim {
  return {
    release: () => {
      ended();
      claim.release();
    },
    settled: () => {
      ended();
      claim.settled();
    },
    unresolved: (goods) => {
      ended();
      claim.unresolved(goods);
    },
  };
}

function unpaidReceipt({ seller }: Exchange) {
  const { network } = seller.terms;
  return {
    kind: "settled",
    receipt: { success: true, transaction: `0x${"0".repeat(64)}`, network },
  } as const;
}

/**
 * Holds what it verified once for good, whatever it is sent for, and takes a payment for a new one when `identity`
 * is new.
 */
function forgetful(
  mutant: Pick<Mutant, "id" | "breaks" | "caughtBy"> & {
    identity: (exchange: Exchange, payment: Payment, sandbox: SandboxDescription) => Awaitable<string>;
  },
): Mutant {
  const { identity, ...rest } = mutant;
  return {
    ...rest,
    build: (reached, sandbox) => {
      const verified = new WeakMap<object, Map<string, FacilitatorRequest>>();
      const ordersOf = ({ seller }: Exchange) => {
        const orders = verified.get(seller) ?? new Map<string, FacilitatorRequest>();
        verified.set(seller, orders);
        return orders;
      };
      return {
        steps: {
          ...sellerSteps,
          match: (exchange, offer, payment) => {
            const authorization = authorizationOf(payment.payload);
            const order = authorization === undefined ? undefined : ordersOf(exchange).get(authorization);
            return order === undefined
              ? sellerSteps.match(exchange, offer, payment)
              : { kind: "matched", order };
          },
          claim: async (exchange, offer, payment) => {
            const hash = createHash("sha256").update(await identity(exchange, payment, sandbox));
            const nonce = `${payment.authorization.nonce} ${hash.digest("hex")}`;
            return sellerSteps.claim(exchange, offer, {
              ...payment,
              authorization: Object.assign({ ...payment.authorization }, { nonce }),
            });
          },
          verify: async (exchange, order) => {
            const authorization = authorizationOf(order.paymentPayload);
            if (authorization === undefined) return sellerSteps.verify(exchange, order);
            if (ordersOf(exchange).has(authorization)) {
              reached();
              return { kind: "verified" };
            }
            const verdict = await sellerSteps.verify(exchange, order);
            if (verdict.kind === "verified") ordersOf(exchange).set(authorization, order);
            return verdict;
          },
        },
      };
    },
  };
}

/** The nonce of an authorization in any letter case; permits, which count theirs in digits, have none. */
function authorizationOf({ payload }: Payment["payload"]): string | undefined {
  return /"nonce":"(0x[0-9a-f]{64})"/i.exec(JSON.stringify(payload))?.[1]?.toLowerCase();
}
