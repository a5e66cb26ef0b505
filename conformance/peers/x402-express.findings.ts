import type { PeerFinding } from "./finding.ts";

/** What a run of the suite in x402 v1 reports about x402-express-seller.ts, and nothing else. README.md explains each. */
export const x402ExpressFindings: readonly PeerFinding[] = [
  {
    caseId: "seller.access.head-is-not-served",
    requirement: "S-ORD-16",
    status: "fail",
    does: "Runs the paid handler for an unpaid HEAD request and answers 200 with the handler's headers.",
    evidence: [
      "HEAD /weather?city=Berlin → 200, with X-Weather-Station and Content-Length of the paid answer",
      "x402 dist/esm/chunk-V3RMM5AE.mjs:648: a route `GET /weather` matches the verb GET only; Express hands HEAD to the GET handler",
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
      "x402-express dist/esm/index.mjs:108-145: the middleware answers 402 before any handler sees the request",
    ],
    judged: "stricter reading",
  },
  {
    caseId: "seller.v1.replay-eight-at-once",
    requirement: "S-RPL-02",
    status: "fail",
    does: "Delivers eight times when one payment is sent eight times at once, if the facilitator answers a repeated settle with the first result.",
    evidence: [
      "eight times GET /weather?city=Berlin with one X-PAYMENT → eight times 200, for one transfer",
      "x402-express dist/esm/index.mjs:172-249: nothing between verify and settle remembers a payment that is in flight",
    ],
    judged: "deviation",
  },
  {
    caseId: "seller.v1.replay-other-spellings-at-once",
    requirement: "S-RPL-02",
    status: "fail",
    does: "Delivers as often when the same authorization comes at once with its nonce and its payer in other letters.",
    evidence: ["as for seller.v1.replay-eight-at-once"],
    judged: "deviation",
  },
  {
    caseId: "seller.v1.replay-two-routes-at-once",
    requirement: "S-RPL-02",
    status: "fail",
    does: "Delivers twice when one payment comes at once for two routes that cost the same.",
    evidence: ["as for seller.v1.replay-eight-at-once"],
    judged: "deviation",
  },
  {
    caseId: "seller.v1.replay-two-queries-at-once",
    requirement: "S-RPL-02",
    status: "fail",
    does: "Delivers twice when one payment comes at once with two queries.",
    evidence: ["as for seller.v1.replay-eight-at-once"],
    judged: "deviation",
  },
  {
    caseId: "seller.v1.retry-answer-is-private",
    requirement: "S-ORD-15",
    status: "warn",
    does: "Does not say that a paid answer is private.",
    evidence: [
      "200 with X-PAYMENT-RESPONSE and without Cache-Control",
      "x402-express dist/esm/index.mjs:260: X-PAYMENT-RESPONSE is the only header that it sets on a paid answer",
    ],
    judged: "stricter reading",
  },
  {
    caseId: "seller.v1.settlement-failure-withholds-the-handlers-headers",
    requirement: "S-ORD-06",
    status: "fail",
    does: "Sends the handler's headers along with the 402 that says that settlement failed.",
    evidence: [
      "402 with X-Weather-Station, which the unpaid 402 does not have",
      "x402-express dist/esm/index.mjs:251-258: the buffered body is dropped, headers that the handler set stay on the response",
    ],
    judged: "deviation",
  },
  {
    caseId: "seller.streaming.failed-settlement-sends-no-headers",
    requirement: "S-ORD-06",
    status: "fail",
    does: "Sends the stream's own headers along with the 402 that says that settlement failed.",
    evidence: [
      "GET /forecast with a payment whose settlement fails → 402 with Content-Type: text/event-stream",
      "as for seller.v1.settlement-failure-withholds-the-handlers-headers",
    ],
    judged: "deviation",
  },
  {
    caseId: "seller.v1.settlement-failure-has-a-receipt",
    requirement: "S1-07",
    status: "fail",
    does: "Says only in the body that settlement failed, not in X-PAYMENT-RESPONSE.",
    evidence: [
      "402 with error: invalid_transaction_state and accepts in the body, and no X-PAYMENT-RESPONSE",
      "x402-express dist/esm/index.mjs:250-260: the receipt is made before, but set only when settlement succeeded",
    ],
    judged: "deviation",
  },
  {
    caseId: "seller.v1.settlement-delivers-nothing-on-settle-without-transaction",
    requirement: "S-PAY-24",
    status: "fail",
    does: "Delivers when /settle says success and names no transaction.",
    evidence: [
      "/settle answers {success:true} and moves nothing → 200 with the goods, X-PAYMENT-RESPONSE without a transaction",
      "x402-express dist/esm/index.mjs:251: only `success` is looked at",
    ],
    judged: "deviation",
  },
  {
    caseId: "seller.v1.settlement-delivers-nothing-on-settle-on-another-network",
    requirement: "S-PAY-24",
    status: "fail",
    does: "Delivers when the facilitator says that it settled on another network than the one that was asked for.",
    evidence: [
      "success:true with network avalanche-fuji, asked for base-sepolia, and nothing moved → 200 with the goods, X-PAYMENT-RESPONSE network avalanche-fuji",
      "x402-express dist/esm/index.mjs:251: only `success` is looked at",
    ],
    judged: "deviation",
  },
  {
    caseId: "seller.v1.settlement-lost-answer-leaves-a-way-back",
    requirement: "S-AUD-01",
    status: "fail",
    does: "Forgets a settlement whose answer was lost, and then refuses the same payment without a receipt.",
    evidence: [
      "/settle settles and hangs up → 402; the same payment again → 402, invalid_transaction_state; one transfer on chain",
      "x402-express dist/esm/index.mjs:261-270: a failed call of /settle is a failed settlement; nothing remembers the payment",
    ],
    judged: "stricter reading",
  },
  {
    caseId: "seller.access.not-modified-takes-nothing",
    requirement: "S-ORD-21",
    status: "warn",
    does: "Settles the payment of a request with If-None-Match, and answers 304 without content.",
    evidence: [
      "GET /weather?city=Berlin with If-None-Match: * and a payment → 304 with X-PAYMENT-RESPONSE success:true",
      "x402-express dist/esm/index.mjs:232: only a status of 400 and more is not settled; Express makes its answer a 304 before (express lib/response.js:196)",
    ],
    judged: "stricter reading",
  },
];
