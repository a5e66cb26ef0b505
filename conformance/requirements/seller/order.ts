import { rules } from "../requirement.ts";

/** Rules for sellers: what happens in which order: verify, handle, settle, deliver. */
export const orderRules = rules("seller", "x402@2", [
  [
    "S-ORD-01",
    "MUST*",
    "The handler's output is not delivered before verification succeeded.",
    "V2 §2, NEW §6.1 (≥1 check before resource)",
  ],
  [
    "S-ORD-02",
    "MUST*",
    "In the authorization flow the body is withheld until settlement has succeeded.",
    "H2 Error Handling (200 = verified and settled)",
  ],
  ["S-ORD-03", "MUST*", "Settlement failure ⇒ 402.", "H2 Settlement Response Delivery, Error Handling"],
  [
    "S-ORD-04",
    "MUST*",
    "Settlement failure ⇒ PAYMENT-RESPONSE with success:false, errorReason, transaction, network.",
    "H2 Settlement Response Delivery (Failure)",
  ],
  [
    "S-ORD-05",
    "SEC",
    "On settlement failure the protected body is not in the response.",
    "H2 failure example (`{}`)",
  ],
  [
    "S-ORD-06",
    "SEC",
    "On settlement failure handler-set headers (Set-Cookie, custom) are not leaked.",
    "unspecified",
  ],
  [
    "S-ORD-07",
    "REF",
    "Settlement-failure 402 has no PAYMENT-REQUIRED, so the buyer cannot retry without asking again.",
    "H2 example shows none",
  ],
  [
    "S-ORD-08",
    "MUST*",
    "Success ⇒ 2xx from handler plus PAYMENT-RESPONSE success:true with non-empty transaction (exact).",
    "H2 Settlement Response Delivery; V2 §5.3.2",
  ],
  ["S-ORD-09", "MUST", "PAYMENT-RESPONSE.network is CAIP-2 and equals the accepted network.", "V2 §5.3.2"],
  [
    "S-ORD-10",
    "MUST*",
    "Handler result ≥400 or exception ⇒ no settlement, original status returned.",
    "reference docs; V2 silent; #644",
  ],
  [
    "S-ORD-11",
    "SEC",
    "A request that would be rejected anyway (400/404/422) is never charged.",
    "unspecified",
  ],
  [
    "S-ORD-12",
    "REF",
    "Unpaid invalid request still gets 402 first (validation happens after payment in middleware).",
    "unspecified",
  ],
  [
    "S-ORD-13",
    "REF",
    "settlement_pending ⇒ one automatic second /settle with the same payload.",
    "NEW §9; PR #3083 #3214",
  ],
  [
    "S-ORD-14",
    "MUST",
    "settlement_pending carries a non-empty transaction and is not reported as success.",
    "NEW §9",
  ],
  ["S-ORD-15", "REF", "Success responses get `Cache-Control: …, private` merged.", ""],
  [
    "S-ORD-16",
    "MUST*",
    "A HEAD request to a paid GET resource is not served unpaid.",
    "RFC 9110 §9.3.2 with V2 §2",
  ],
  [
    "S-ORD-17",
    "SEC",
    "Path variants (%2F, %5C, %70, //, trailing slash, case, dot segments, newline, malformed %) cannot reach the handler unpaid.",
    "GHSA-3j63-5h8p-gf7c; PRs #2372 #967 #3116 #3044 #2475",
  ],
  ["S-ORD-18", "SEC", "Method override headers do not bypass the paywall.", "unspecified"],
  [
    "S-ORD-19",
    "SEC",
    "Streaming/SSE handlers do not flush protected bytes before settlement in the authorization flow.",
    "unspecified",
  ],
  ["S-ORD-20", "REF", "`Settlement-Overrides` (partial settle) never reaches the client.", ""],
  [
    "S-ORD-21",
    "SHOULD*",
    "A payment is not taken for an answer that has no content by the request's own making: HEAD, and 304.",
    "RFC 9110 §9.3.2, §15.4.5; follows from S-ORD-11: nobody is charged for nothing",
  ],
  [
    "S-ORD-22",
    "SHOULD*",
    "Calls of /verify and /settle name the version of the payment beside it: `x402Version`, `paymentPayload`, `paymentRequirements`.",
    "V2 §7.1; V1 §7.1",
  ],
  [
    "S-ORD-23",
    "SHOULD*",
    "A sale does not hang on a field that the facilitator's answers may leave out: `payer`, of /verify and of /settle.",
    "V2 §5.3.2, §5.4.2 (Optional)",
  ],
  [
    "S-VBP-01",
    "SHOULD*",
    "A request that is invalid in itself is refused with 4xx before any payment is asked for.",
    "follows from S-ORD-11: what is never asked for cannot be charged",
  ],
]);
