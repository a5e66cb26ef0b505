import { type Case, defineCase } from "../../engine/facilitator/index.ts";

/**
 * Cases for v2 that hold word for word for a v1 payment: what they change is in the authorization, or in what both
 * versions have. `facilitator.verify.x` becomes `facilitator.v1.verify-x`. What v1 words in its own way, or is less
 * strict about, is in v1.ts: the amount, scheme and network; the token's domain, which v1 need not tell.
 */
const sameInV1: readonly string[] = [
  "facilitator.api.verify-answers",
  "facilitator.api.settle-answers-on-success",
  "facilitator.api.settle-answers-on-failure",
  "facilitator.api.settles-each-kind-it-lists",
  "facilitator.api.reason-on-refusal",
  "facilitator.api.reason-on-failure",
  "facilitator.api.no-reason-when-valid",
  "facilitator.api.no-reason-when-settled",
  "facilitator.api.no-transaction-when-nothing-was-sent",
  "facilitator.api.payer-is-the-payer",
  "facilitator.api.every-refusal-of-verify-has-its-shape",
  "facilitator.api.every-refusal-of-settle-has-its-shape",
  "facilitator.malformed.body-of-verify",
  "facilitator.malformed.body-of-settle",
  "facilitator.malformed.parts-missing-in-verify",
  "facilitator.malformed.parts-missing-in-settle",
  "facilitator.malformed.oversized-verify",
  "facilitator.malformed.oversized-settle",
  "facilitator.malformed.payload",
  "facilitator.malformed.numbers",
  "facilitator.malformed.addresses",
  "facilitator.malformed.requirements",
  "facilitator.malformed.version",
  "facilitator.malformed.internals-stay-inside",
  "facilitator.malformed.refusals-of-verify-tell-nothing",
  "facilitator.malformed.refusals-of-settle-tell-nothing",
  "facilitator.verify.altered-signature",
  "facilitator.settle.altered-signature",
  "facilitator.verify.altered-after-signing",
  "facilitator.settle.altered-after-signing",
  "facilitator.verify.for-another-domain",
  "facilitator.settle.for-another-domain",
  "facilitator.verify.malleable-signature",
  "facilitator.settle.malleable-signature",
  "facilitator.verify.expired",
  "facilitator.settle.expired",
  "facilitator.verify.not-yet-valid",
  "facilitator.settle.not-yet-valid",
  "facilitator.verify.more-than-the-payer-holds",
  "facilitator.settle.more-than-the-payer-holds",
  "facilitator.verify.unknown-payer",
  "facilitator.settle.unknown-payer",
  "facilitator.verify.short-nonce",
  "facilitator.settle.short-nonce",
  "facilitator.verify.demanded-in-another-token",
  "facilitator.settle.demanded-in-another-token",
  "facilitator.verify.underpaid-by-one-in-many",
  "facilitator.settle.underpaid-by-one-in-many",
  "facilitator.settlement.addresses-in-lower-case",
  "facilitator.settlement.valid-since-ever",
  "facilitator.settlement.other-signature-forms",
  "facilitator.verify.cancelled-nonce",
  "facilitator.settle.cancelled-nonce",
  "facilitator.verify.blacklisted-payer",
  "facilitator.settle.blacklisted-payer",
  "facilitator.verify.paused-token",
  "facilitator.settle.paused-token",
  "facilitator.verify.refused-until-unpaused",
  "facilitator.verify.sixteen-answers-of-their-own",
  "facilitator.settlement.transfers-as-signed",
  "facilitator.settlement.moves-the-amount-and-nothing-else",
  "facilitator.settlement.without-verify",
  "facilitator.settlement.agrees-with-verify",
  "facilitator.settlement.verify-moves-nothing",
  "facilitator.settlement.settled-does-not-verify",
  "facilitator.settlement.2-at-once",
  "facilitator.settlement.8-at-once",
  "facilitator.settlement.64-at-once",
  "facilitator.settlement.sixteen-payments-at-once",
  "facilitator.settlement.all-that-the-payer-holds",
  "facilitator.settlement.two-authorizations-with-one-nonce",
  "facilitator.settlement.verified-for-other-terms",
  "facilitator.settlement.verified-and-cancelled-is-not-sent",
  "facilitator.settlement.once-across-a-restart",
  "facilitator.settlement.settled-for-other-terms",
  "facilitator.settlement.pending-across-a-restart",
  "facilitator.settlement.pending-for-other-terms",
  "facilitator.settlement.one-nonce-of-two-payers",
  "facilitator.settlement.one-nonce-for-two-payees",
  "facilitator.settlement.one-nonce-for-two-payees-at-once",
  "facilitator.settlement.one-nonce-in-two-tokens",
  "facilitator.settlement.sixteen-answers-of-their-own",
  "facilitator.smart-account.forged-to-verify",
  "facilitator.smart-account.forged-to-settle",
  "facilitator.smart-account.undeployed-forged-to-verify",
  "facilitator.smart-account.undeployed-forged-to-settle",
  "facilitator.smart-account.undeployed-calls-nobody-to-verify",
  "facilitator.smart-account.undeployed-calls-nobody-to-settle",
];

/** The rules that v1 has in place of those of v2: an amount is to be met there, and is to be exact here. */
const ruleOfV1: Readonly<Record<string, string>> = { "F-V-06": "F1-02" };

/** What the twin of a v2 case is called, e.g. `facilitator.v1.verify-expired`. */
export function v1IdOf(id: string): string {
  return id.replace(/^facilitator\.([^.]+)\./, "facilitator.v1.$1-");
}

/**
 * The cases of `inV2` that hold in v1 as well, of a payment of v1.
 *
 * @throws RangeError when the list names a case that is not there
 */
export function alsoInV1(inV2: readonly Case[]): readonly Case[] {
  const byId = new Map(inV2.map((subjectCase) => [subjectCase.id, subjectCase]));
  return sameInV1.map((id) => {
    const original = byId.get(id);
    if (original === undefined) throw new RangeError(`There is no case ${id} to try in v1.`);
    return defineCase({
      ...original,
      id: v1IdOf(id),
      requirement: ruleOfV1[original.requirement] ?? original.requirement,
      protocol: "x402@1",
      title: `v1: ${original.title}`,
    });
  });
}
