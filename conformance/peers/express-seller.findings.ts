import type { Status } from "../engine/index.ts";

/** Something that the suite holds against a peer, looked at by hand. */
export interface PeerFinding {
  readonly caseId: string;
  readonly requirement: string;
  readonly status: Extract<Status, "fail" | "warn">;
  /** What the peer does, in one sentence. */
  readonly does: string;
  /** What shows it: the exchange of the case, and the place in the package's source (version 2.27.0). */
  readonly evidence: readonly string[];
  /**
   * `deviation`: the peer breaks the rule. `stricter reading`: the protocol has no text that forbids what the peer
   * does; the rule asks for more because real buyers or sellers were harmed by it.
   */
  readonly judged: "deviation" | "stricter reading";
}

/** What a run of the suite reports about express-seller.ts, and nothing else. README.md explains each. */
export const expressSellerFindings: readonly PeerFinding[] = [
  {
    caseId: "seller.access.head-is-not-served",
    requirement: "S-ORD-16",
    status: "fail",
    does: "Runs the paid handler for an unpaid HEAD request and answers 200 with the handler's headers.",
    evidence: [
      "HEAD /weather?city=Berlin → 200, with X-Weather-Station, Content-Length and ETag of the paid answer",
      "@x402/core dist/esm/chunk-FV2JN4FK.mjs:3067: a route `GET /weather` matches the verb GET only; Express hands HEAD to the GET handler",
    ],
    judged: "deviation",
  },
  {
    caseId: "seller.validate.invalid-is-told-before-payment",
    requirement: "S-VBP-01",
    status: "warn",
    does: "Asks for payment of a request that its handler is going to refuse.",
    evidence: [
      "GET /weather, without the city → 402; the same request with a payment → 400, and nothing is charged",
      "@x402/core dist/esm/chunk-FV2JN4FK.mjs:2538: the middleware answers 402 before any handler sees the request",
    ],
    judged: "stricter reading",
  },
  {
    caseId: "seller.replay.eight-at-once",
    requirement: "S-RPL-02",
    status: "fail",
    does: "Delivers eight times when one payment is sent eight times at once, if the facilitator answers a repeated settle with the first result.",
    evidence: [
      "eight times GET /weather?city=Berlin with one PAYMENT-SIGNATURE → eight times 200, all with one transaction in PAYMENT-RESPONSE",
      "@x402/express dist/esm/index.mjs:191-341: nothing between verify and settle remembers a payment that is in flight",
      "behind facilitator.ts, which refuses a repeated settle, the same requests → one 200 and seven 402",
    ],
    judged: "deviation",
  },
  {
    caseId: "seller.replay.sixty-four-at-once",
    requirement: "S-RPL-02",
    status: "fail",
    does: "Delivers as often as one payment is sent at once, sixty-four times as eight times.",
    evidence: ["as for seller.replay.eight-at-once"],
    judged: "deviation",
  },
  {
    caseId: "seller.settlement.failure-withholds-the-handlers-headers",
    requirement: "S-ORD-06",
    status: "fail",
    does: "Sends the handler's headers along with the 402 that says that settlement failed.",
    evidence: [
      "402 with PAYMENT-RESPONSE success:false, and X-Weather-Station and the ETag of the paid body",
      "@x402/express dist/esm/index.mjs:343-355: the buffered body is dropped, headers that the handler set stay on the response",
    ],
    judged: "deviation",
  },
  {
    caseId: "seller.settlement.internals-stay-inside",
    requirement: "S-PAY-25",
    status: "fail",
    does: "Puts the first 200 characters of the facilitator's error page into the challenge's `error`.",
    evidence: [
      "the facilitator's 500 → 402 with error: Facilitator verify failed (500): … 10.1.2.3:5432 at Pool.connect (/srv/db.js:10:3)",
      "@x402/core dist/esm/chunk-FV2JN4FK.mjs:490-500 makes the message, :2658-2665 hands it to the buyer",
    ],
    judged: "deviation",
  },
];
