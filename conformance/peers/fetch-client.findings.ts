import type { PeerFinding } from "./finding.ts";
import { officialClientFindings } from "./official-clients.findings.ts";

/** What a run of the suite reports about fetch-client.ts, and nothing else. README.md explains each. */
export const fetchClientFindings: readonly PeerFinding[] = [
  ...officialClientFindings({
    exposes: "@x402/fetch dist/esm/index.mjs:58-61",
    repeats:
      "@x402/fetch dist/esm/index.mjs:62 repeats the request at its first address, wherever the 402 came from",
    redirects: [
      "the other host receives PAYMENT-SIGNATURE: fetch takes Authorization off a request that leaves its origin, and no header that it does not know",
      "@x402/fetch dist/esm/index.mjs:62 sends the paid request without `redirect`, so that it is followed",
    ],
  }),
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
];
