import { setTimeout as delay } from "node:timers/promises";
import { type Exchange, type Goods, type Refusal, type SellerSteps, sellerSteps } from "#sandbox";
import { type Mutant, replacing } from "../mutant.ts";
import { everyFailedTransaction, everyNodeOutage } from "./chain.ts";
import { everyFailedSettlement, everyUnknownSettlement } from "./failed-settlement.ts";
import { everyReuseOfPermits, everyReuseOfTheUncharged, ofBothPermits } from "./of-both-permits.ts";

/** Sellers that let one payment buy more than once. */
export const replayMutants: readonly Mutant[] = [
  {
    id: "no-claim",
    breaks: "Does not notice that a payment is in use by another request.",
    caughtBy: [
      "seller.identifier.lost-answer-leaves-a-way-back",
      "seller.replay.eight-at-once",
      "seller.replay.other-spellings-at-once",
      "seller.replay.second-keys-at-once",
      "seller.replay.sixty-four-at-once",
      "seller.replay.sixty-four-envelopes-at-once",
      "seller.settlement.lost-answer-leaves-a-way-back",
      ...ofBothPermits("eight-at-once", "nonce-with-zeros-at-once"),
      ...everyReuseOfTheUncharged,
    ],
    build: replacing("claim", (_original, reached) => () => {
      reached();
      return { kind: "granted", claim: noClaim };
    }),
  },
  {
    id: "sells-what-was-bought-again",
    breaks: "Serves whoever shows a payment that was good once.",
    caughtBy: [
      "seller.replay.same-payment-twice",
      "seller.replay.after-expiry",
      "seller.replay.rewrapped-with-other-extensions",
      "seller.replay.rewrapped-with-other-extra",
      "seller.replay.rewrapped-with-other-key-order",
      "seller.replay.rewrapped-with-signature-in-other-case",
      "seller.replay.rewrapped-with-nonce-in-other-case",
      "seller.replay.rewrapped-with-payer-in-other-case",
      "seller.replay.sixty-four-envelopes-at-once",
      "seller.replay.other-spellings-at-once",
      "seller.replay.second-keys-at-once",
      "seller.replay.eight-at-once",
      "seller.replay.sixty-four-at-once",
      "seller.chain.token-forgets-nonces",
      "seller.settlement.way-back-closes-after-lost-answer",
      "seller.settlement.way-back-closes-after-pending",
      "seller.settlement.way-back-is-for-one-after-lost-answer",
      "seller.settlement.way-back-is-for-one-after-pending",
      ...everyReuseOfPermits,
    ],
    build: replacing("claim", (original, reached) => async (exchange, offer, payment) => {
      const claimed = await claimWhenFree(() => original(exchange, offer, payment));
      if (claimed.kind !== "refused") return claimed;
      reached();
      return { kind: "resumed", claim: noClaim, goods: await goodsOf(exchange) };
    }),
  },
  {
    id: "losers-see-the-goods",
    breaks: "Shows the goods to a request that lost its payment to another.",
    caughtBy: ["seller.replay.losers-get-nothing", "seller.authorization.forged-copy-gets-nothing"],
    build: replacing("refuse", (original, reached) => async (exchange, offer, refusal) => {
      const answer = await original(exchange, offer, refusal);
      if (refusal.kind !== "claimed" || !isInUse(refusal)) return answer;
      reached();
      return { ...answer, body: (await goodsOf(exchange)).body };
    }),
  },
  {
    id: "believes-every-payment",
    breaks: "Neither waits for the facilitator's yes nor minds its no.",
    caughtBy: [
      "seller.authorization.underpaid-by-one",
      "seller.authorization.overpaid-by-one",
      "seller.authorization.pays-nothing",
      "seller.authorization.more-than-there-is",
      "seller.authorization.pays-another",
      "seller.authorization.signed-by-a-stranger",
      "seller.authorization.expired",
      "seller.authorization.not-yet-valid",
      "seller.authorization.for-another-chain",
      "seller.authorization.for-another-token",
      "seller.authorization.for-another-domain",
      "seller.authorization.ends-in-a-moment",
      "seller.authorization.malleable-signature",
      "seller.authorization.other-signature-forms",
      "seller.authorization.undeployed-account-forged",
      "seller.authorization.smart-account-forged",
      "seller.authorization.broken-signature",
      "seller.authorization.payer-without-funds",
      "seller.malformed.duplicate-amounts",
      "seller.malformed.duplicate-payloads",
      "seller.malformed.prototype-keys",
      "seller.authorization.spent-elsewhere",
      "seller.authorization.cancelled",
      "seller.authorization.blacklisted-payer",
      "seller.authorization.paused-token",
      "seller.settlement.forged-payment-does-no-work",
      "seller.replay.second-keys-at-once",
      "seller.replay.after-restart",
      "seller.settlement.pending-is-not-success",
      ...everyFailedSettlement,
      ...everyUnknownSettlement,
      ...everyFailedTransaction,
      ...everyNodeOutage,
      "seller.chain.token-without-code",
      "seller.chain.clock-moved",
      ...ofBothPermits(
        "without-allowance",
        "underpaid-by-one",
        "failed-settlement",
        "pending-is-not-success",
        "pays-another",
        "to-another-spender",
        "for-another-chain",
        "broken-signature",
        "expired",
        "in-another-token",
      ),
      "seller.upto.for-another-facilitator",
    ],
    build: (reached) => ({
      steps: {
        ...sellerSteps,
        verify: () => ({ kind: "verified" }),
        settle: async (exchange, order) => {
          const settlement = await sellerSteps.settle(exchange, order);
          if (settlement.kind === "settled") return settlement;
          reached();
          return {
            kind: "settled",
            receipt: { success: true, transaction: "0x00", network: exchange.seller.terms.network },
          };
        },
      },
    }),
  },
];

/** A claim that nobody holds. */
export const noClaim = { release() {}, settled() {}, unresolved() {} };

/** Whether a payment is refused because another request uses it. */
function isInUse(refusal: Refusal): boolean {
  return refusal.kind === "claimed" && refusal.reason.includes("in use");
}

/** Claims a payment once no other request uses it. */
export async function claimWhenFree(
  claim: () => ReturnType<SellerSteps["claim"]>,
): Promise<Awaited<ReturnType<SellerSteps["claim"]>>> {
  let claimed = await claim();
  while (claimed.kind === "refused" && isInUse(claimed.refusal)) {
    await delay(5);
    claimed = await claim();
  }
  return claimed;
}

/** What a request gets for its money, without any. */
export async function goodsOf({ route, request }: Exchange): Promise<Goods> {
  const { params, query } = request;
  const prepared = route.prepare({ params, query }, request);
  const { body, charge } = prepared.kind === "ready" ? await prepared.work() : {};
  const headers = { "content-type": "application/json" };
  const answer = { status: 200, headers, body: JSON.stringify(body) };
  return charge === undefined ? answer : { ...answer, charge };
}
