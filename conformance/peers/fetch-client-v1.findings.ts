import type { PeerFinding } from "./finding.ts";

/**
 * What a run of the suite reports about fetch-client-v1.ts, and nothing else. The places are in the packages
 * `x402-fetch` and `x402`, 1.2.0.
 */
export const fetchClientV1Findings: readonly PeerFinding[] = [
  {
    caseId: "client.v1.other-version",
    requirement: "C-CH-05",
    status: "fail",
    does: "Pays a challenge of an unknown version, and says that version in the payment.",
    evidence: [
      "x402Version: 3 in the body → X-PAYMENT with x402Version: 3",
      "x402-fetch dist/esm/index.mjs:22-43 hands the number on and never looks at it",
    ],
    judged: "deviation",
  },
  {
    caseId: "client.v1.amount-hex",
    requirement: "C-CH-11",
    status: "fail",
    does: "Pays an amount in hexadecimal, and sends it as `value`.",
    evidence: [
      'maxAmountRequired: "0x3e8" → authorization.value is "0x3e8", signed as 1000',
      "x402 dist/esm/chunk-V3RMM5AE.mjs:433 asks whether Number makes an integer of it",
    ],
    judged: "deviation",
  },
  {
    caseId: "client.v1.amount-empty",
    requirement: "C-CH-11",
    status: "fail",
    does: "Signs for zero when the amount is an empty text, and sends that as `value`.",
    evidence: [
      'maxAmountRequired: "" → authorization.value is "", signed as 0',
      "x402 dist/esm/chunk-V3RMM5AE.mjs:433; Number and BigInt read an empty text as zero",
    ],
    judged: "deviation",
  },
  {
    caseId: "client.v1.unknown-scheme-first",
    requirement: "C-CH-07",
    status: "fail",
    does: "Throws when any entry has a scheme that it does not know, also when another could be paid.",
    evidence: [
      'accepts: [{ scheme: "barter" }, { scheme: "exact" }] → ZodError, nothing is paid',
      "x402-fetch dist/esm/index.mjs:23 parses every entry before one is chosen; x402 dist/esm/chunk-V3RMM5AE.mjs:438 knows the schemes by name",
    ],
    judged: "deviation",
  },
  {
    caseId: "client.v1.look-alike-asset",
    requirement: "C-PAY-23",
    status: "fail",
    does: "Signs for any token, by the name that the challenge gives it.",
    evidence: [
      "an asset that is not USDC, with extra.name USDC → an authorization for it",
      "x402-fetch dist/esm/index.mjs:30 compares the amount with a limit meant in USDC, whatever the token",
    ],
    judged: "stricter reading",
  },
  {
    caseId: "client.v1.entries-endless-lifetime",
    requirement: "C-PAY-13",
    status: "warn",
    does: "Signs an authorization that is valid for ten years when it is told to.",
    evidence: [
      "maxTimeoutSeconds: 315360000 → validBefore in ten years",
      "x402 dist/esm/chunk-EJI6X7BV.mjs:117-119 adds what the challenge says to the present time",
    ],
    judged: "stricter reading",
  },
  {
    caseId: "client.v1.payment-no-response-headers",
    requirement: "C-PAY-26",
    status: "warn",
    does: "Sends Access-Control-Expose-Headers with the request.",
    evidence: [
      "the paid request carries access-control-expose-headers: X-PAYMENT-RESPONSE",
      "x402-fetch dist/esm/index.mjs:47",
    ],
    judged: "deviation",
  },
  {
    caseId: "client.v1.paid-redirect",
    requirement: "C-PAY-24",
    status: "fail",
    does: "Follows a 307 to another host with the payment.",
    evidence: [
      "the other host receives X-PAYMENT",
      "x402-fetch dist/esm/index.mjs:51 sends the paid request without `redirect`, so that it is followed",
    ],
    judged: "stricter reading",
  },
  {
    caseId: "client.v1.unpaid-redirect",
    requirement: "C-SEC-03",
    status: "fail",
    does: "Pays the host that answered with 307 for what the host behind it asked.",
    evidence: [
      "the first host, which never asked for money, receives X-PAYMENT for what the second one asked",
      "x402-fetch dist/esm/index.mjs:51 repeats the request at its first address, wherever the 402 came from",
    ],
    judged: "stricter reading",
  },
];
