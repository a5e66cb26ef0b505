import { sellerCases, v1IdOf } from "../../../cases/seller/index.ts";
import { planRun } from "../../../engine/index.ts";
import { auditId } from "../../../engine/seller/index.ts";
import { besideV2, type Mutant } from "../mutant.ts";
import { againMutants } from "./again.ts";
import { atOnceMutants } from "./at-once.ts";
import { cacheMutants } from "./caches.ts";
import { decodingMutants } from "./decoding.ts";
import { facilitatorMutants } from "./facilitator.ts";
import { failedSettlementMutants } from "./failed-settlement.ts";
import { falseReceiptMutants } from "./false-receipts.ts";
import { forgedCopyMutants } from "./forged-copies.ts";
import { habitMutants } from "./habits.ts";
import { hasteMutants } from "./haste.ts";
import { matchingMutants } from "./matching.ts";
import { offerReceiptMutants } from "./offer-receipt.ts";
import { orderMutants } from "./order.ts";
import { paymentKeyMutants } from "./payment-keys.ts";
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
  ...paymentKeyMutants,
  ...forgedCopyMutants,
  ...reuseMutants,
  ...hasteMutants,
  ...cacheMutants,
  ...habitMutants,
  ...facilitatorMutants,
];

/** A v1 payment does not say what it is for, so that whoever takes it twice takes it anywhere. */
const elsewhereAtOnce = ["seller.v1.replay-two-routes-at-once", "seller.v1.replay-two-queries-at-once"];

/** Sellers of x402 v1 that are as wrong as others are in v2. */
export const v1TwinMutants: readonly Mutant[] = [
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
  inV1("claims-by-folded-keys"),
  inV1("claims-by-the-first-of-two"),
  inV1("claims-by-path"),
  inV1("claims-by-url"),
  inV1("knows-payments-by-their-request", elsewhereAtOnce),
  inV1("a-failure-is-a-voucher"),
  inV1("resumes-without-settling"),
  inV1("gives-away-what-it-kept"),
  inV1("publicly-cacheable"),
  inV1("idempotency-before-the-paywall"),
  inV1("offers-by-v1-network-name"),
  inV1("bans-whom-a-forgery-names"),
  inV1("caches-refusals-without-the-signature"),
  inV1("one-outcome-for-all-signatures"),
  inV1("valid-after-zero-is-missing"),
  inV1("addresses-letter-by-letter"),
  inV1("delivers-when-settling-takes-long"),
  inV1("bears-a-grudge"),
  inV1("losers-see-the-goods"),
  inV1("goods-of-others"),
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
