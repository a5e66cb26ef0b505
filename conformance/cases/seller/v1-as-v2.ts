import { type Case, defineCase } from "../../engine/seller/index.ts";

/** A case that a v1 buyer plays word for word. What differs between the versions, its dialect knows. */
interface SameInV1 {
  /** The case for v2; `seller.replay.x` becomes `seller.v1.replay-x`. */
  readonly like: string;
  /** The rule of v1, where it has one of its own. */
  readonly requirement?: string;
  /** In words of v1, where the case speaks of v2. */
  readonly title?: string;
}

const sameInV1: readonly SameInV1[] = [
  { like: "seller.challenge.domain-is-given" },
  { like: "seller.challenge.domain-is-the-tokens-own" },
  { like: "seller.challenge.addresses" },
  { like: "seller.retry.served", requirement: "S1-04" },
  { like: "seller.retry.settled-once-at-the-price" },
  { like: "seller.retry.settled-before-delivery" },
  {
    like: "seller.retry.receipt",
    requirement: "S1-06",
    title: "The answer carries an X-PAYMENT-RESPONSE with success and a transaction",
  },
  { like: "seller.retry.receipt-names-the-transfer", requirement: "S1-06" },
  {
    like: "seller.retry.receipt-network",
    requirement: "S1-06",
    title: "The receipt's network is the v1 name of the accepted one",
  },
  {
    like: "seller.retry.header-name-in-any-case",
    requirement: "S1-04",
    title: "The payment is read from X-PAYMENT in any letter case",
  },
  { like: "seller.retry.same-nonce-of-another-payer" },
  { like: "seller.retry.valid-since-ever" },
  { like: "seller.retry.addresses-in-lower-case" },
  { like: "seller.retry.handler-failure-is-not-charged" },
  { like: "seller.retry.answer-is-private" },
  { like: "seller.access.request-keys-open-nothing" },
  { like: "seller.authorization.underpaid-by-one" },
  { like: "seller.authorization.pays-another" },
  { like: "seller.authorization.signed-by-a-stranger" },
  { like: "seller.authorization.expired" },
  { like: "seller.authorization.for-another-token" },
  { like: "seller.authorization.broken-signature" },
  { like: "seller.authorization.payer-without-funds" },
  { like: "seller.authorization.more-than-there-is" },
  { like: "seller.authorization.not-yet-valid" },
  { like: "seller.authorization.for-another-chain" },
  { like: "seller.authorization.for-another-domain" },
  { like: "seller.authorization.malleable-signature" },
  { like: "seller.authorization.forged-in-a-buyers-name" },
  { like: "seller.authorization.forged-copy-spends-nothing" },
  { like: "seller.authorization.forged-copy-gets-nothing" },
  { like: "seller.authorization.spent-elsewhere" },
  { like: "seller.authorization.cancelled" },
  { like: "seller.authorization.blacklisted-payer" },
  { like: "seller.malformed.not-base64", requirement: "S1-05" },
  { like: "seller.malformed.not-json", requirement: "S1-05" },
  { like: "seller.malformed.null", requirement: "S1-05" },
  { like: "seller.malformed.array", requirement: "S1-05" },
  { like: "seller.malformed.empty-object", requirement: "S1-05" },
  { like: "seller.malformed.bare-string", requirement: "S1-05" },
  { like: "seller.malformed.other-version", requirement: "S1-05" },
  { like: "seller.malformed.payload-missing", requirement: "S1-05" },
  { like: "seller.malformed.payload-null", requirement: "S1-05" },
  { like: "seller.malformed.authorization-null", requirement: "S1-05" },
  { like: "seller.validate.invalid-and-paid-is-not-charged" },
  { like: "seller.replay.same-payment-twice" },
  { like: "seller.replay.eight-at-once" },
  { like: "seller.replay.other-route" },
  { like: "seller.replay.dearer-route" },
  { like: "seller.replay.other-query" },
  { like: "seller.replay.other-route-at-the-same-price" },
  { like: "seller.replay.after-a-failed-handler" },
  { like: "seller.replay.other-spellings-at-once" },
  { like: "seller.replay.second-keys-at-once" },
  { like: "seller.replay.two-routes-at-once" },
  { like: "seller.replay.two-queries-at-once" },
  { like: "seller.replay.after-restart" },
  { like: "seller.settlement.failure-is-402", requirement: "S1-07" },
  { like: "seller.settlement.failure-withholds-the-body" },
  { like: "seller.settlement.failure-withholds-the-handlers-headers" },
  { like: "seller.settlement.verify-refusal-is-402-with-a-challenge" },
  { like: "seller.settlement.unverified-work-is-not-done" },
  { like: "seller.settlement.forged-payment-does-no-work" },
  { like: "seller.settlement.fails-closed-on-verify-500" },
  { like: "seller.settlement.fails-closed-on-verify-hangs-up" },
  { like: "seller.settlement.fails-closed-on-verify-hangs" },
  { like: "seller.settlement.delivers-nothing-on-settle-500" },
  { like: "seller.settlement.delivers-nothing-on-settle-hangs-up" },
  { like: "seller.settlement.delivers-nothing-on-settle-hangs" },
  { like: "seller.settlement.internals-stay-inside" },
  { like: "seller.settlement.fails-closed-on-verify-400" },
  { like: "seller.settlement.fails-closed-on-verify-truncated" },
  { like: "seller.settlement.stays-closed-in-a-long-outage" },
  { like: "seller.settlement.false-yes-to-a-forged-payment" },
  { like: "seller.settlement.false-yes-to-an-underpayment" },
  { like: "seller.settlement.delivers-nothing-on-settle-400" },
  { like: "seller.settlement.delivers-nothing-on-settle-truncated" },
  { like: "seller.settlement.fails-closed-on-verify-html" },
  { like: "seller.settlement.fails-closed-on-verify-without-verdict" },
  { like: "seller.settlement.delivers-nothing-on-settle-html" },
  { like: "seller.settlement.delivers-nothing-on-settle-without-transaction" },
  { like: "seller.settlement.delivers-nothing-on-settle-on-another-network" },
  { like: "seller.settlement.pending-is-not-success" },
  { like: "seller.settlement.again-after-settle-refuses" },
  { like: "seller.settlement.again-after-settle-500" },
  { like: "seller.settlement.again-after-settle-hangs-up" },
  { like: "seller.settlement.lost-answer-leaves-a-way-back" },
  { like: "seller.settlement.pending-leaves-a-way-back" },
  { like: "seller.settlement.hanging-up-leaves-a-way-back" },
  { like: "seller.settlement.way-back-closes-after-lost-answer" },
  { like: "seller.settlement.way-back-is-for-one-after-lost-answer" },
  { like: "seller.settlement.way-back-closes-after-pending" },
  { like: "seller.settlement.way-back-is-for-one-after-pending" },
  { like: "seller.streaming.settled-before-the-first-byte" },
  { like: "seller.streaming.failed-settlement-sends-no-byte" },
  { like: "seller.streaming.unknown-settlement-sends-no-byte" },
  { like: "seller.replay.rewrapped-with-nonce-in-other-case" },
  { like: "seller.replay.rewrapped-with-payer-in-other-case" },
  { like: "seller.replay.rewrapped-with-signature-in-other-case" },
  { like: "seller.offer-receipt.networks-are-caip2" },
];

/** What the twin of a v2 case is called, e.g. `seller.v1.replay-same-payment-twice`. */
export function v1IdOf(id: string): string {
  return id.replace(/^seller\.([^.]+)\./, "seller.v1.$1-");
}

/**
 * The cases of `inV2` that hold in v1 as well, with a buyer who speaks v1.
 *
 * @throws RangeError when the table names a case that is not there
 */
export function alsoInV1(inV2: readonly Case[]): Case[] {
  const byId = new Map(inV2.map((subjectCase) => [subjectCase.id, subjectCase]));
  return sameInV1.map(({ like, requirement, title }) => {
    const original = byId.get(like);
    if (original === undefined) throw new RangeError(`There is no case ${like} to try in v1.`);
    return defineCase({
      ...original,
      id: v1IdOf(like),
      requirement: requirement ?? original.requirement,
      protocol: "x402@1",
      title: `v1: ${title ?? original.title}`,
    });
  });
}
