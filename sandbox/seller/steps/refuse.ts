import { type Answer, type Exchange, jsonAnswer, type Offer } from "../exchange.ts";
import type { FacilitatorFailure } from "../facilitator-client.ts";
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

/** Status for each way in which the facilitator can fail. */
export const unavailableStatus = {
  unreachable: 503,
  timeout: 504,
  "server-error": 502,
  "malformed-reply": 502,
} as const satisfies Record<FacilitatorFailure["cause"], number>;

/**
 * Refuses a payment: 400 when it cannot be read, 402 when it does not buy this request (http transport v2, Error
 * Handling), both with a fresh challenge; 5xx, without one, when the facilitator gave no opinion.
 */
export async function refuse(exchange: Exchange, offer: Offer, refusal: Refusal): Promise<Answer> {
  if (refusal.kind === "unavailable") {
    return jsonAnswer(unavailableStatus[refusal.cause], {
      error: "The payment could not be checked. Nothing was charged.",
    });
  }
  const answer = await paymentRequired(exchange, offer, refusal.reason);
  return refusal.kind === "malformed" ? { ...answer, status: 400 } : answer;
}
