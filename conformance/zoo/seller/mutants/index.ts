import type { Mutant } from "../mutant.ts";
import { accessMutants } from "./access.ts";
import { againMutants } from "./again.ts";
import { atOnceMutants } from "./at-once.ts";
import { attestingMutants } from "./attesting.ts";
import { bazaarMutants } from "./bazaar.ts";
import { cacheMutants } from "./caches.ts";
import { chainMutants } from "./chain.ts";
import { challengeMutants } from "./challenge.ts";
import { chargingMutants } from "./charging.ts";
import { claimMutants } from "./claims.ts";
import { decodingMutants } from "./decoding.ts";
import { entryMutants } from "./entries.ts";
import { envelopeMutants } from "./envelope.ts";
import { facilitatorMutants } from "./facilitator.ts";
import { failedSettlementMutants } from "./failed-settlement.ts";
import { falseReceiptMutants } from "./false-receipts.ts";
import { forgedCopyMutants } from "./forged-copies.ts";
import { goodsMutants } from "./goods.ts";
import { habitMutants } from "./habits.ts";
import { hasteMutants } from "./haste.ts";
import { likeIdMutants } from "./like-ids.ts";
import { matchingMutants } from "./matching.ts";
import { mcpMutants } from "./mcp.ts";
import { namedElsewhereMutants } from "./named-elsewhere.ts";
import { offerReceiptMutants } from "./offer-receipt.ts";
import { orderMutants } from "./order.ts";
import { paymentIdentifierMutants } from "./payment-identifier.ts";
import { paymentKeyMutants } from "./payment-keys.ts";
import { permitClaimMutants } from "./permit-claims.ts";
import { permitTermsMutants } from "./permit-terms.ts";
import { permit2Mutants } from "./permit2.ts";
import { readingMutants } from "./reading.ts";
import { refusalMutants } from "./refusal.ts";
import { replayMutants } from "./replay.ts";
import { resourceMutants } from "./resource.ts";
import { retryMutants } from "./retry.ts";
import { reuseMutants } from "./reuse.ts";
import { signInMutants } from "./sign-in.ts";
import { uptoMutants } from "./upto.ts";
import { v1Mutants } from "./v1.ts";
import { v1TwinMutants } from "./v1-as-v2.ts";
import { v1ChallengeMutants } from "./v1-challenge.ts";
import { wayBackMutants } from "./way-back.ts";

export { cachingWhatIsBought } from "./caches.ts";
export { offeringTwoTokens, sellingAtTwoPrices } from "./entries.ts";

/** Every seller that is wrong in exactly one way. */
export const sellerMutants: readonly Mutant[] = [
  ...challengeMutants,
  ...resourceMutants,
  ...accessMutants,
  ...claimMutants,
  ...cacheMutants,
  ...chargingMutants,
  ...mcpMutants,
  ...retryMutants,
  ...goodsMutants,
  ...habitMutants,
  ...matchingMutants,
  ...entryMutants,
  ...decodingMutants,
  ...readingMutants,
  ...refusalMutants,
  ...envelopeMutants,
  ...orderMutants,
  ...failedSettlementMutants,
  ...falseReceiptMutants,
  ...hasteMutants,
  ...againMutants,
  ...wayBackMutants,
  ...permit2Mutants,
  ...permitTermsMutants,
  ...permitClaimMutants,
  ...uptoMutants,
  ...chainMutants,
  ...replayMutants,
  ...atOnceMutants,
  ...paymentKeyMutants,
  ...forgedCopyMutants,
  ...paymentIdentifierMutants,
  ...namedElsewhereMutants,
  ...likeIdMutants,
  ...bazaarMutants,
  ...v1ChallengeMutants,
  ...v1TwinMutants,
  ...v1Mutants,
  ...offerReceiptMutants,
  ...attestingMutants,
  ...signInMutants,
  ...facilitatorMutants,
  ...reuseMutants,
];
