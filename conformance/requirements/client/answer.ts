import { rules } from "../requirement.ts";

/** Rules for clients: what is made of the answer to a payment. */
export const answerRules = rules("client", "x402@2", [
  ["C-SET-01", "MUST*", "The client can decode PAYMENT-RESPONSE on 200.", "H2 Settlement Response Delivery"],
  [
    "C-SET-02",
    "MUST*",
    "The client decodes PAYMENT-RESPONSE on 402 and treats success:false as unpaid (settlement_pending as unknown, not unpaid).",
    "H2 failure; NEW §9",
  ],
  [
    "C-SET-03",
    "MUST*",
    "An absent or malformed PAYMENT-RESPONSE on 200 does not lose the delivered body.",
    "",
  ],
  ["C-SET-04", "MUST*", "Unknown fields in any message are ignored.", ""],
  [
    "C-SET-05",
    "MUST*",
    "Unknown errorReason strings are tolerated (a closed enum, as in an early reference client, is not; #2742).",
    "V2 §9 ('may be returned')",
  ],
  [
    "C-SET-06",
    "SHOULD*",
    "A receipt of success reaches the caller whatever the status beside it, so that nobody who has paid pays again.",
    "H2 Settlement Response Delivery",
  ],
]);
