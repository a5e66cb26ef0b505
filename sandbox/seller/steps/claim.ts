import { permit2Address } from "../../protocol/index.ts";
import type { Claim } from "../claim-book.ts";
import type { Exchange, Goods, Offer } from "../exchange.ts";
import { isByPermit2 } from "../payment-method.ts";
import type { Payment } from "./decode.ts";
import type { Refused } from "./refuse.ts";

/**
 * The right to use this payment for this request; `resumed` brings the goods of an earlier attempt whose settlement
 * is still open.
 */
export type Claimed =
  | { readonly kind: "granted"; readonly claim: Claim }
  | { readonly kind: "resumed"; readonly claim: Claim; readonly goods: Goods }
  | Refused;

/** Takes the payment for this request alone: until its end is known, and for ever once it is settled. */
export function claim({ seller }: Exchange, { requirements, requestHash }: Offer, payment: Payment): Claimed {
  const { from, nonce, validBefore } = payment.authorization;
  const nonceKeeper = isByPermit2(requirements) ? permit2Address : requirements.asset;
  const claimed = seller.claims.take({
    authorization: [requirements.network, nonceKeeper, from, nonce].join(" ").toLowerCase(),
    purchase: `${requestHash} ${JSON.stringify(payment.payload.payload)}`,
    validBefore: BigInt(validBefore),
  });
  if (claimed.kind === "granted" || claimed.kind === "resumed") return claimed;
  const reason =
    claimed.kind === "spent" ? "this payment was used before" : "this payment is in use by another request";
  return { kind: "refused", refusal: { kind: "claimed", reason } };
}
