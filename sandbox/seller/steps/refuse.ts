import { type Answer, type Exchange, jsonAnswer, type Offer } from "../exchange.ts";
import type { FacilitatorFailure } from "../facilitator-client.ts";
import { isByPermit2 } from "../payment-method.ts";
import { paymentRequired } from "./challenge.ts";

/** Why a payment was not taken. Nothing was charged. */
export type Refusal =
  | { readonly kind: "malformed" | "mismatch" | "claimed" | "invalid"; readonly reason: string }
  | { readonly kind: "unavailable"; readonly cause: FacilitatorFailure["cause"] };

/** The end of an exchange whose payment was not taken. */
export interface Refused {
  readonly kind: "refused";
  readonly refusal: Refusal;
}

/** The code of a payment that only lacks an allowance. Some facilitators write it in lower case. */
const allowanceRequired = "PERMIT2_ALLOWANCE_REQUIRED";

/** Status for each way in which the facilitator can fail. */
export const unavailableStatus = {
  unreachable: 503,
  timeout: 504,
  "server-error": 502,
  "malformed-reply": 502,
} as const satisfies Record<FacilitatorFailure["cause"], number>;

/**
 * Refuses a payment: 400 when it cannot be read, 402 when it does not buy this request (http transport v2, Error
 * Handling), both with a fresh challenge; 412, with one, when the buyer has to give Permit2 an allowance first (exact on EVM, §2,
 * phase 3); 5xx, without one, when the facilitator gave no opinion.
 */
export async function refuse(exchange: Exchange, offer: Offer, refusal: Refusal): Promise<Answer> {
  if (refusal.kind === "unavailable") {
    return jsonAnswer(unavailableStatus[refusal.cause], {
      error: "The payment could not be checked. Nothing was charged.",
    });
  }
  if (isByPermit2(offer.requirements) && refusal.reason.toUpperCase() === allowanceRequired) {
    const answer = await paymentRequired(exchange, offer, allowanceRequired);
    return { ...answer, status: 412, body: JSON.stringify({ error: allowanceRequired }) };
  }
  const answer = await paymentRequired(exchange, offer, refusal.reason);
  return refusal.kind === "malformed" ? { ...answer, status: 400 } : answer;
}
