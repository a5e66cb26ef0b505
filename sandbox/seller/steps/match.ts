import { isDeepStrictEqual } from "node:util";
import type { FacilitatorRequest, PaymentPayload, PaymentRequirements } from "../../protocol/index.ts";
import type { Exchange, Offer } from "../exchange.ts";
import { echoDifference, examine } from "../extensions/index.ts";
import type { Payment } from "./decode.ts";
import type { Refused } from "./refuse.ts";

/** A payment for this very offer, as the facilitator is to be asked about it; or what differs. */
export type Matched = { readonly kind: "matched"; readonly order: FacilitatorRequest } | Refused;

/**
 * Holds what the client accepted against what the seller asks for this request. From here on only the seller's own
 * requirements count: the facilitator never sees the client's.
 */
export function match(exchange: Exchange, offer: Offer, payment: Payment): Matched {
  const { resource, requirements } = offer;
  const { payload } = payment;
  const priced = { ...exchange, offer };
  const difference = differsIn(payload, resource.url, requirements) ?? echoDifference(priced, payment);
  if (difference !== undefined) {
    const reason = `${difference} differs from what this request costs`;
    return { kind: "refused", refusal: { kind: "mismatch", reason } };
  }
  const flaw = examine(priced, payment);
  if (flaw !== undefined) return { kind: "refused", refusal: { kind: "malformed", reason: flaw } };
  return {
    kind: "matched",
    order: { x402Version: 2, paymentPayload: payload, paymentRequirements: requirements },
  };
}

function differsIn(payload: PaymentPayload, url: string, own: PaymentRequirements): string | undefined {
  const { accepted, resource } = payload;
  if (accepted.scheme !== own.scheme) return "accepted.scheme";
  if (accepted.network !== own.network) return "accepted.network";
  if (accepted.amount !== own.amount) return "accepted.amount";
  if (!isSameAddress(accepted.asset, own.asset)) return "accepted.asset";
  if (!isSameAddress(accepted.payTo, own.payTo)) return "accepted.payTo";
  if (accepted.maxTimeoutSeconds !== own.maxTimeoutSeconds) return "accepted.maxTimeoutSeconds";
  if (resource !== undefined && resource.url !== url) return "resource.url";
  const key = Object.entries(own.extra ?? {}).find(
    ([name, value]) => !isDeepStrictEqual(accepted.extra?.[name], value),
  );
  return key === undefined ? undefined : `accepted.extra.${key[0]}`;
}

function isSameAddress(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
