import type { Authorization, PaymentPayload, ProtocolError } from "../../protocol/index.ts";
import { authorizationIn } from "../authorization.ts";
import type { PricedExchange } from "../exchange.ts";
import { paidIn } from "../protocols.ts";
import type { Refused } from "./refuse.ts";

/** A payment in the words of v2, with what its payer signed, which is put in the words of EIP-3009 if it is a permit. */
export interface Payment {
  readonly payload: PaymentPayload;
  readonly authorization: Authorization;
}

/** No payment, one that can be read, or one that cannot. */
export type Decoded =
  | { readonly kind: "unpaid" }
  | { readonly kind: "paid"; readonly payment: Payment }
  | Refused;

/**
 * Reads the payment in a version that this seller speaks. Payment headers of other versions mean nothing here, and none
 * do with HEAD, whose answer has room for no goods: its sender is told the price, and keeps the payment.
 */
export function decode(exchange: PricedExchange): Decoded {
  if (exchange.request.method === "HEAD") return { kind: "unpaid" };
  const payload = paidIn(exchange)?.readPayment(exchange.request.headers, exchange.offer);
  if (payload === undefined) return { kind: "unpaid" };
  if (!payload.ok) return malformed(payload.error);
  const authorization = authorizationIn(payload.value, exchange.offer.requirements);
  if (!authorization.ok) return malformed(authorization.error);
  return { kind: "paid", payment: { payload: payload.value, authorization: authorization.value } };
}

function malformed({ code, message }: ProtocolError): Refused {
  return { kind: "refused", refusal: { kind: "malformed", reason: `${code}: ${message}` } };
}
