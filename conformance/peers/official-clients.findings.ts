import type { PeerFinding } from "./finding.ts";

/** Where the packages of one client do what all of them do. */
interface Places {
  /** Sends Access-Control-Expose-Headers. */
  readonly exposes: string;
  /** Repeats a request with its payment, whoever asked for money. */
  readonly repeats: string;
  /** Takes a payment along to another host. */
  readonly redirects: PeerFinding["evidence"];
}

/** What a run of the suite reports about both axios-client.ts and fetch-client.ts. README.md explains each. */
export function officialClientFindings({ exposes, repeats, redirects }: Places): readonly PeerFinding[] {
  return [
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
    ...["permit2", "upto"].map(
      (name): PeerFinding => ({
        caseId: `client.${name}.lifetime-in-text`,
        requirement: "C-PAY-17",
        status: "fail",
        does: "Signs a permit for more than five thousand years when maxTimeoutSeconds is a text.",
        evidence: [
          'maxTimeoutSeconds: "60" → deadline is the present time with 60 behind it',
          "@x402/evm dist/esm/chunk-MLPLMDLP.mjs:407 and chunk-2CUQ3NH7.mjs:30 add with +, which appends to a text",
        ],
        judged: "deviation",
      }),
    ),
    {
      caseId: "client.payment.no-response-headers",
      requirement: "C-PAY-26",
      status: "warn",
      does: "Sends Access-Control-Expose-Headers with the request.",
      evidence: [
        "the paid request carries access-control-expose-headers: PAYMENT-RESPONSE,X-PAYMENT-RESPONSE",
        exposes,
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
    ...["permit2", "upto"].map(
      (name): PeerFinding => ({
        caseId: `client.${name}.redirect-paid-307`,
        requirement: "C-PAY-24",
        status: "fail",
        does: "Follows a 307 to another host with a permit.",
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
          repeats,
        ],
        judged: "stricter reading",
      }),
    ),
  ];
}
