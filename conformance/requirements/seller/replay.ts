import { rules } from "../requirement.ts";

/** Rules for sellers: a payment buys once. */
export const replayRules = rules("seller", "x402@2", [
  ["S-RPL-01", "MUST*", "A payment already settled is not accepted for a second delivery.", "V2 §10.1"],
  [
    "S-RPL-02",
    "SEC",
    "N parallel requests with one payload yield at most one paid delivery.",
    "unspecified; #1805",
  ],
  [
    "S-RPL-03",
    "SEC",
    "In the authorization flow a losing parallel request gets 402 without body even though its handler ran.",
    "derived from S-ORD-03",
  ],
  [
    "S-RPL-04",
    "MUST*",
    "payment-identifier (applies when the seller honours it; PID says servers 'may use' the id): same id + same payload ⇒ cached response, no second charge.",
    "PID Idempotency Behavior",
  ],
  ["S-RPL-05", "MUST*", "payment-identifier: same id + different payload ⇒ 409.", "PID"],
  ["S-RPL-06", "MUST*", "payment-identifier: required:true and no id ⇒ 400.", "PID"],
  ["S-RPL-07", "MUST*", "payment-identifier: id outside 16–128 [A-Za-z0-9_-] is invalid.", "PID id Format"],
  ["S-RPL-08", "SEC", "A cached response is bound to payer/payload, not to the id alone.", "NEW PID text"],
  ["S-RPL-09", "SHOULD", "Cached reply includes the original PAYMENT-RESPONSE.", "NEW PID text"],
  [
    "S-AUD-01",
    "SEC",
    "Over a whole run nothing is delivered that was not settled, and no payer is charged more often than it was answered.",
    "V2 §10.1, over all exchanges of a run",
  ],
]);
