import type { Case } from "../../engine/seller/index.ts";
import { accessCases } from "./access.ts";
import { accessCacheCases } from "./access-caches.ts";
import { accessClaimCases } from "./access-claims.ts";
import { accessMethodCases } from "./access-methods.ts";
import { alsoSoldCases } from "./also-sold.ts";
import { authorizationCases } from "./authorization.ts";
import { bazaarCases } from "./bazaar.ts";
import { chainFaultCases } from "./chain-faults.ts";
import { challengeCases } from "./challenge.ts";
import { challengeEncodingCases } from "./challenge-encoding.ts";
import { challengeEntryCases } from "./challenge-entries.ts";
import { challengeHeaderCases } from "./challenge-headers.ts";
import { extensionEchoCases } from "./extension-echo.ts";
import { facilitatorOrderCases } from "./facilitator-orders.ts";
import { facilitatorOutageCases } from "./facilitator-outage.ts";
import { facilitatorPatienceCases } from "./facilitator-patience.ts";
import { facilitatorWordCases } from "./facilitator-word.ts";
import { firstRequestCases } from "./first-request.ts";
import { forgedCopyCases } from "./forged-copies.ts";
import { hostileJsonCases } from "./hostile-json.ts";
import { likeIdCases } from "./like-ids.ts";
import { loadCases } from "./load.ts";
import { malformedCases } from "./malformed.ts";
import { mcpCases } from "./mcp.ts";
import { mixedEntryCases } from "./mixed-entries.ts";
import { namedElsewhereCases } from "./named-elsewhere.ts";
import { nodeFaultCases } from "./node-faults.ts";
import { offerReceiptCases } from "./offer-receipt.ts";
import { offerTermsCases } from "./offer-terms.ts";
import { paymentIdentifierCases } from "./payment-identifier.ts";
import { permit2Cases } from "./permit2.ts";
import { purchaserCases } from "./purchasers.ts";
import { receiptFactsCases } from "./receipt-facts.ts";
import { receiptCases } from "./receipts.ts";
import { refusalCases } from "./refusal.ts";
import { replayCases } from "./replay.ts";
import { replayAtOnceCases } from "./replay-at-once.ts";
import { replayDearerCases } from "./replay-dearer.ts";
import { replayElsewhereCases } from "./replay-elsewhere.ts";
import { replayRewrappedCases } from "./replay-rewrapped.ts";
import { requiredIdCases } from "./required-ids.ts";
import { resourceCases } from "./resource.ts";
import { retryCases } from "./retry.ts";
import { settlementCases } from "./settlement.ts";
import { settlementAgainCases } from "./settlement-again.ts";
import { signInCases } from "./sign-in.ts";
import { signatureCases } from "./signatures.ts";
import { spellingCases } from "./spelling.ts";
import { streamingCases } from "./streaming.ts";
import { termsCases } from "./terms.ts";
import { tokenFaultCases } from "./token-faults.ts";
import { uptoCases } from "./upto.ts";
import { v1Cases } from "./v1.ts";
import { validateCases } from "./validate.ts";
import { wayBackCases } from "./way-back.ts";
import { wayBackOnceCases } from "./way-back-once.ts";
import { withoutContentCases } from "./without-content.ts";

export { holdsOverMcp } from "./over-mcp.ts";
export { v1IdOf } from "./v1-as-v2.ts";

/** The cases whose buyer speaks x402 v2, and those whose rule is the same in every version. */
const v2Cases: readonly Case[] = [
  // They wait for seconds; the others run meanwhile.
  ...facilitatorPatienceCases,
  ...challengeCases,
  ...challengeEncodingCases,
  ...challengeEntryCases,
  ...challengeHeaderCases,
  ...resourceCases,
  ...mcpCases,
  ...accessCases,
  ...accessClaimCases,
  ...accessCacheCases,
  ...accessMethodCases,
  ...withoutContentCases,
  ...retryCases,
  ...alsoSoldCases,
  ...receiptCases,
  ...purchaserCases,
  ...termsCases,
  ...firstRequestCases,
  ...mixedEntryCases,
  ...facilitatorOrderCases,
  ...authorizationCases,
  ...forgedCopyCases,
  ...signatureCases,
  ...malformedCases,
  ...spellingCases,
  ...hostileJsonCases,
  ...refusalCases,
  ...validateCases,
  ...replayCases,
  ...extensionEchoCases,
  ...paymentIdentifierCases,
  ...requiredIdCases,
  ...namedElsewhereCases,
  ...likeIdCases,
  ...bazaarCases,
  ...offerReceiptCases,
  ...offerTermsCases,
  ...receiptFactsCases,
  ...signInCases,
  ...replayElsewhereCases,
  ...replayDearerCases,
  ...replayAtOnceCases,
  ...replayRewrappedCases,
  ...settlementCases,
  ...settlementAgainCases,
  ...permit2Cases,
  ...uptoCases,
  ...chainFaultCases,
  ...nodeFaultCases,
  ...tokenFaultCases,
  ...facilitatorOutageCases,
  ...facilitatorWordCases,
  ...wayBackCases,
  ...wayBackOnceCases,
  ...streamingCases,
  ...loadCases,
];

/** Every case for sellers, in the order in which they are reported. */
export const sellerCases: readonly Case[] = [...v2Cases, ...v1Cases(v2Cases)];
