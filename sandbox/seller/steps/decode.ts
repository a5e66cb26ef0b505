import {
  type ExactEvmPayload,
  type PaymentPayload,
  type ProtocolError,
  parseExactEvmPayload,
  x402V2,
} from "../../protocol/index.ts";
import type { Exchange } from "../exchange.ts";
import type { Refused } from "./refuse.ts";

/** A payment as it came over the wire, with the authorization it holds. */
export interface Payment {
  readonly payload: PaymentPayload;
  readonly authorization: ExactEvmPayload["authorization"];
}

/** No payment, one that can be read, or one that cannot. */
export type Decoded =
  | { readonly kind: "unpaid" }
  | { readonly kind: "paid"; readonly payment: Payment }
  | Refused;

/** Reads PAYMENT-SIGNATURE. Other payment headers, such as v1's X-PAYMENT, mean nothing here. */
export function decode({ request }: Exchange): Decoded {
  const payload = x402V2.readPayment(request.headers);
  if (payload === undefined) return { kind: "unpaid" };
  if (!payload.ok) return malformed(payload.error);
  const exact = parseExactEvmPayload(payload.value.payload);
  if (!exact.ok) return malformed(exact.error);
  return { kind: "paid", payment: { payload: payload.value, authorization: exact.value.authorization } };
}

function malformed({ code, message }: ProtocolError): Refused {
  return { kind: "refused", refusal: { kind: "malformed", reason: `${code}: ${message}` } };
}
