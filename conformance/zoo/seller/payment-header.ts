import { type Exchange, fromBase64Json, toBase64Json } from "#sandbox";

type Json = Record<string, unknown>;

/**
 * The same exchange with another payment header, as `change` makes it; as it was when there is no readable payment
 * or `change` gives `undefined`.
 */
export function withChangedPayment<E extends Exchange>(
  exchange: E,
  change: (payment: Json) => Json | undefined,
): E {
  const header = exchange.request.headers["payment-signature"];
  if (typeof header !== "string") return exchange;
  const payment = fromBase64Json(header);
  if (!payment.ok || !isObject(payment.value)) return exchange;
  const changed = change(payment.value);
  return changed === undefined ? exchange : withPaymentHeader(exchange, toBase64Json(changed));
}

/** The same exchange with this payment header. */
export function withPaymentHeader<E extends Exchange>(exchange: E, header: string): E {
  const { request } = exchange;
  return {
    ...exchange,
    request: { ...request, headers: { ...request.headers, "payment-signature": header } },
  };
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
