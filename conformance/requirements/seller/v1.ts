import { rules } from "../requirement.ts";

/** Rules for sellers: x402 v1. */
export const v1Rules = rules("seller", "x402@1", [
  ["S1-01", "MUST", "v1: unpaid request ⇒ 402 with JSON body {x402Version:1,error,accepts}.", "H1; V1 §5.1"],
  [
    "S1-02",
    "MUST",
    "v1: accepts entries have the Required fields scheme, network, maxAmountRequired, asset, payTo, resource, description, maxTimeoutSeconds.",
    "V1 §5.1.2",
  ],
  [
    "S1-03",
    "MUST",
    "v1: network is a plain name, not CAIP-2 (v1 client schema rejects CAIP-2).",
    "V1 §5.1.2, §11.1",
  ],
  ["S1-04", "MUST", "v1: payment is taken from X-PAYMENT.", "H1"],
  ["S1-05", "MUST*", "v1: malformed X-PAYMENT ⇒ refused (400 by table).", "H1 Error Handling"],
  ["S1-06", "MUST", "v1: success carries X-PAYMENT-RESPONSE.", "H1 Settlement Response Delivery"],
  [
    "S1-07",
    "MUST*",
    "v1: settlement failure ⇒ 402, X-PAYMENT-RESPONSE success:false and a body with accepts.",
    "H1 failure example",
  ],
  ["S1-08", "REF", "v1: 402 errors are JSON with the same three keys.", "H1 Error Response Format"],
  [
    "S1-09",
    "MAY",
    "A dual-version seller answers with a v2 header and a v1 body in one 402.",
    "unspecified; census in #2953",
  ],
]);
