import type { FacilitatorRequest } from "../../protocol/index.ts";
import type { Exchange } from "../exchange.ts";
import type { Refused } from "./refuse.ts";

/** A payment that the facilitator calls good, or why it does not. */
export type Verified = { readonly kind: "verified" } | Refused;

/** Asks the facilitator. Whatever is not a clear yes is a no. */
export async function verify({ seller }: Exchange, order: FacilitatorRequest): Promise<Verified> {
  const verification = await seller.facilitator.verify(order);
  switch (verification.kind) {
    case "valid":
      return { kind: "verified" };
    case "invalid":
      return { kind: "refused", refusal: { kind: "invalid", reason: verification.reason } };
    case "unavailable":
      seller.log.warn(verification.failure, "payment not verified");
      return { kind: "refused", refusal: { kind: "unavailable", cause: verification.failure.cause } };
  }
}
