import type { PeerFinding } from "./finding.ts";

/** Every redirect of the client comes from one place: it sends the paid request as `fetch` sends any other. */
const redirects: PeerFinding["evidence"] = [
  "the other host receives PAYMENT-SIGNATURE: fetch takes Authorization off a request that leaves its origin, and no header that it does not know",
  "@x402/fetch dist/esm/index.mjs:62 sends the paid request without `redirect`, so that it is followed",
];

/** What a run of the suite reports about fetch-client.ts, and nothing else. README.md explains each. */
export const fetchClientFindings: readonly PeerFinding[] = [
  {
    caseId: "client.challenge.no-resource",
    requirement: "C-CH-10",
    status: "fail",
    does: "Pays a challenge that does not say for which resource.",
    evidence: [
      "402 without `resource` → PAYMENT-SIGNATURE without `resource`",
      "@x402/core dist/esm/chunk-FV2JN4FK.mjs:2313-2318 parses the header and checks no field of it",
    ],
    judged: "stricter reading",
  },
  {
    caseId: "client.entries.amount-number",
    requirement: "C-CH-11",
    status: "fail",
    does: "Pays an amount that is a JSON number, and sends a number as `value`.",
    evidence: [
      "amount: 1000 → accepted.amount and authorization.value are the number 1000",
      "@x402/core dist/esm/client/index.mjs:24 tests the amount with a regular expression, which takes a number for its digits",
    ],
    judged: "deviation",
  },
  {
    caseId: "client.entries.unknown-method",
    requirement: "C-CH-13",
    status: "warn",
    does: "Pays an entry with an unknown transfer method by EIP-3009.",
    evidence: [
      'assetTransferMethod: "pigeon" → an EIP-3009 authorization',
      "@x402/evm dist/esm/chunk-3CXVARP6.mjs:108-109 asks for permit2 only, whatever else stands there",
    ],
    judged: "deviation",
  },
  {
    caseId: "client.entries.endless-lifetime",
    requirement: "C-PAY-13",
    status: "warn",
    does: "Signs an authorization that is valid for ten years when it is told to.",
    evidence: [
      "maxTimeoutSeconds: 315360000 → validBefore in ten years",
      "@x402/evm dist/esm/chunk-3CXVARP6.mjs:34 adds what the challenge says to the present time",
    ],
    judged: "stricter reading",
  },
  ...["permit2", "upto"].map(
    (name): PeerFinding => ({
      caseId: `client.${name}.endless-lifetime`,
      requirement: "C-PAY-13",
      status: "warn",
      does: "Signs a permit that is valid for ten years when it is told to.",
      evidence: [
        "maxTimeoutSeconds: 315360000 → deadline in ten years",
        "@x402/evm dist/esm/chunk-MLPLMDLP.mjs:407 and chunk-2CUQ3NH7.mjs:30 add what the challenge says to the present time",
      ],
      judged: "stricter reading",
    }),
  ),
  {
    caseId: "client.authorization.lifetime-in-text",
    requirement: "C-PAY-12",
    status: "fail",
    does: "Signs for more than five thousand years when maxTimeoutSeconds is a text.",
    evidence: [
      'maxTimeoutSeconds: "60" → validBefore is the present time with 60 behind it, in the year 7659',
      "@x402/evm dist/esm/chunk-3CXVARP6.mjs:34 adds with +, which appends to a text",
    ],
    judged: "deviation",
  },
  {
    caseId: "client.payment.no-response-headers",
    requirement: "C-PAY-26",
    status: "warn",
    does: "Sends Access-Control-Expose-Headers with the request.",
    evidence: [
      "the paid request carries access-control-expose-headers: PAYMENT-RESPONSE,X-PAYMENT-RESPONSE",
      "@x402/fetch dist/esm/index.mjs:58-61",
    ],
    judged: "deviation",
  },
  {
    caseId: "client.extensions.identifier",
    requirement: "C-PAY-27",
    status: "fail",
    does: "Pays without a payment identifier, though one is required.",
    evidence: [
      "payment-identifier with required: true → info comes back without an id, and the payment is sent all the same",
      "@x402/extensions has appendPaymentIdentifierToExtensions, which an application has to call from a hook; the client neither does it nor refuses",
    ],
    judged: "deviation",
  },
  ...[301, 302, 303, 307, 308].map(
    (status): PeerFinding => ({
      caseId: `client.redirect.paid-${status}`,
      requirement: "C-PAY-24",
      status: "fail",
      does: `Follows a ${status} to another host with the payment.`,
      evidence: redirects,
      judged: "stricter reading",
    }),
  ),
  {
    caseId: "client.redirect.paid-in-two-steps",
    requirement: "C-PAY-24",
    status: "fail",
    does: "Follows a redirect within the shop with the payment, and the next one to another host.",
    evidence: redirects,
    judged: "stricter reading",
  },
  ...[302, 307].map(
    (status): PeerFinding => ({
      caseId: `client.redirect.unpaid-${status}`,
      requirement: "C-SEC-03",
      status: "fail",
      does: `Pays the host that answered with ${status} for what the host behind it asked.`,
      evidence: [
        "the first host, which never asked for money, receives PAYMENT-SIGNATURE for what the second one asked",
        "@x402/fetch dist/esm/index.mjs:62 repeats the request at its first address, wherever the 402 came from",
      ],
      judged: "stricter reading",
    }),
  ),
];
