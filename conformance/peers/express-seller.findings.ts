import type { PeerFinding } from "./finding.ts";
import { officialSellerFindings } from "./official-sellers.findings.ts";

/** What a run of the suite reports about express-seller.ts, and nothing else. README.md explains each. */
export const expressSellerFindings: readonly PeerFinding[] = [
  ...officialSellerFindings,
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
    caseId: "seller.streaming.failed-settlement-sends-no-headers",
    requirement: "S-ORD-06",
    status: "fail",
    does: "Sends the headers of a stream along with the 402 that says that settlement failed.",
    evidence: ["402 with X-Accel-Buffering; otherwise as for the handler's headers of any other answer"],
    judged: "deviation",
  },
  {
    caseId: "seller.access.not-modified-takes-nothing",
    requirement: "S-ORD-21",
    status: "warn",
    does: "Settles the payment of a request with If-None-Match, and answers 304 without content.",
    evidence: [
      "GET /weather?city=Berlin with If-None-Match: * and a payment → 304 with PAYMENT-RESPONSE success:true",
      "@x402/express dist/esm/index.mjs:293: only a status of 400 and more is not settled; Express makes its answer a 304 before (express lib/response.js:196)",
    ],
    judged: "stricter reading",
  },
];
