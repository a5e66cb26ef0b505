import type { PeerFinding } from "./finding.ts";

/** What a run of the suite reports about both express-seller.ts and hono-seller.ts. README.md explains each. */
export const officialSellerFindings: readonly PeerFinding[] = [
  {
    caseId: "seller.access.head-is-not-served",
    requirement: "S-ORD-16",
    status: "fail",
    does: "Runs the paid handler for an unpaid HEAD request and answers 200 with the handler's headers.",
    evidence: [
      "HEAD /weather?city=Berlin → 200, with X-Weather-Station of the paid answer; the suite is told that the handler worked",
      "@x402/core dist/esm/chunk-FV2JN4FK.mjs:3067: a route `GET /weather` matches the verb GET only",
      "Express hands HEAD to the GET handler, and so does Hono (hono dist/hono-base.js:262)",
    ],
    judged: "deviation",
  },
  {
    caseId: "seller.access.head-does-no-work",
    requirement: "S-ORD-16",
    status: "fail",
    does: "Does the paid work for an unpaid HEAD request.",
    evidence: ["as for seller.access.head-is-not-served: the suite is told that the handler worked"],
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
      "@x402/express dist/esm/index.mjs:191-341, @x402/hono dist/esm/index.mjs:223-303: nothing between verify and settle remembers a payment that is in flight",
      "express-seller.ts behind facilitator.ts, which refuses a repeated settle: the same requests → one 200 and seven 402",
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
    caseId: "seller.replay.sixty-four-envelopes-at-once",
    requirement: "S-RPL-02",
    status: "fail",
    does: "Delivers as often when the same authorization comes in different envelopes.",
    evidence: ["as for seller.replay.eight-at-once"],
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
  {
    caseId: "seller.terms.other-resource",
    requirement: "S-PAY-18",
    status: "warn",
    does: "Takes a payment that names another resource, even another seller's.",
    evidence: [
      "GET /weather?city=Berlin with resource.url https://elsewhere.example/of-another-seller in the payment → 200, settled once",
      "@x402/core dist/esm/chunk-FV2JN4FK.mjs:2046: what is compared are scheme, network, amount, asset, payTo, maxTimeoutSeconds and extra",
    ],
    judged: "stricter reading",
  },
  {
    caseId: "seller.settlement.settle-internals-stay-inside",
    requirement: "S-PAY-25",
    status: "fail",
    does: "Puts the facilitator's errorMessage, whatever is in it, into PAYMENT-RESPONSE.",
    evidence: [
      "errorMessage with the node's URL and its key → 402 with the same errorMessage in PAYMENT-RESPONSE",
      "@x402/core dist/esm/chunk-FV2JN4FK.mjs:2754 and :2822: the whole answer of /settle becomes the header",
    ],
    judged: "stricter reading",
  },
  {
    caseId: "seller.settlement.names-the-network-itself",
    requirement: "S-ORD-09",
    status: "fail",
    does: 'Hands the facilitator\'s network "" on in PAYMENT-RESPONSE of a served request.',
    evidence: [
      'success:true with network "" → 200 with PAYMENT-RESPONSE network ""',
      "@x402/core dist/esm/chunk-FV2JN4FK.mjs:2762 and :2822: the whole answer of /settle becomes the header",
    ],
    judged: "deviation",
  },
  {
    caseId: "seller.settlement.lost-answer-leaves-a-way-back",
    requirement: "S-AUD-01",
    status: "fail",
    does: "Forgets a settlement whose answer was lost, and then refuses the same payment without a receipt.",
    evidence: [
      "/settle settles and hangs up → 402; the same payment again → 402, a fresh challenge, invalid_transaction_state; one transfer on chain",
      "@x402/core dist/esm/chunk-FV2JN4FK.mjs:2765-2800: a failed call of /settle is a failed settlement; nothing remembers the payment",
    ],
    judged: "stricter reading",
  },
];
