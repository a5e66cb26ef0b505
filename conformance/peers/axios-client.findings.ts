import type { PeerFinding } from "./finding.ts";
import { officialClientFindings } from "./official-clients.findings.ts";

/** `@x402/core` 2.11.0, which `@x402/axios` brings along, chooses among entries by these lines alone. */
const choosing =
  "@x402/core 2.11.0 dist/esm/client/index.mjs:279-302 filters by network and scheme, and takes";

/** What a run of the suite reports about axios-client.ts, and nothing else. README.md explains each. */
export const axiosClientFindings: readonly PeerFinding[] = [
  ...officialClientFindings({
    exposes: "@x402/axios dist/esm/index.mjs:64-67",
    repeats: "@x402/axios dist/esm/index.mjs:68 repeats the original request, wherever the 402 came from",
    redirects: [
      "the other host receives PAYMENT-SIGNATURE: follow-redirects takes Authorization and Cookie off a request that leaves its host, and no header that it does not know",
      "@x402/axios dist/esm/index.mjs:68 sends the paid request without `maxRedirects`, so that it is followed",
    ],
  }),
  {
    caseId: "client.challenge.no-resource",
    requirement: "C-CH-10",
    status: "fail",
    does: "Pays a challenge that does not say for which resource.",
    evidence: [
      "402 without `resource` → PAYMENT-SIGNATURE without `resource`, taken by the shop",
      "@x402/core 2.11.0 dist/esm/chunk-G3XJUKWR.mjs:1003-1008 parses the header and checks no field of it",
    ],
    judged: "stricter reading",
  },
  {
    caseId: "client.entries.unknown-flow",
    requirement: "C-CH-08",
    status: "fail",
    does: "Pays an entry with an unknown payment flow as if it stated none.",
    evidence: [
      'paymentFlow: "on-account" → an EIP-3009 authorization',
      `${choosing} the first that is left; paymentFlow is younger than this version and not read`,
    ],
    judged: "deviation",
  },
  {
    caseId: "client.entries.prefers-authorization",
    requirement: "C-CH-09",
    status: "warn",
    does: "Takes the first entry, also when it is one to be paid in advance.",
    evidence: [
      'paymentFlow: "upfront" first → `accepted` is that entry',
      `${choosing} the first that is left`,
    ],
    judged: "deviation",
  },
  {
    caseId: "client.entries.amount-number",
    requirement: "C-CH-11",
    status: "fail",
    does: "Pays an amount that is a JSON number, and sends a number as `value`.",
    evidence: [
      "amount: 1000 → accepted.amount and authorization.value are the number 1000",
      "@x402/evm dist/esm/chunk-3CXVARP6.mjs:32 hands the amount on as it came, and core 2.11.0 looks at none",
    ],
    judged: "deviation",
  },
  {
    caseId: "client.entries.amount-hex",
    requirement: "C-CH-11",
    status: "fail",
    does: "Pays an amount in hexadecimal, and sends it as `value`.",
    evidence: [
      'amount: "0x3e8" → authorization.value is "0x3e8", signed as 1000',
      "@x402/evm dist/esm/chunk-3CXVARP6.mjs:32; BigInt reads hexadecimal, so that it can be signed",
    ],
    judged: "deviation",
  },
  {
    caseId: "client.entries.amount-empty",
    requirement: "C-CH-11",
    status: "fail",
    does: "Signs for zero when the amount is an empty text, and sends that as `value`.",
    evidence: [
      'amount: "" → authorization.value is "", signed as 0',
      "@x402/evm dist/esm/chunk-3CXVARP6.mjs:32; BigInt reads an empty text as zero",
    ],
    judged: "deviation",
  },
  ...["plus", "spaces", "newline"].map(
    (id): PeerFinding => ({
      caseId: `client.entries.amount-${id}`,
      requirement: "C-PAY-09",
      status: "fail",
      does: "Sends an amount with a sign, with spaces or with the end of a line as `value`.",
      evidence: [
        'amount: "+1000", " 1000 " and "1000\\n" → authorization.value is the same text, signed as 1000',
        "@x402/evm dist/esm/chunk-3CXVARP6.mjs:32 hands the amount on as it came; BigInt reads all three",
      ],
      judged: "deviation",
    }),
  ),
  ...["absurd-price", "eighteen-decimals", "price-beyond-64-bits", "decimals-in-extra"].map(
    (id): PeerFinding => ({
      caseId: `client.entries.${id}`,
      requirement: "C-PAY-22",
      status: "fail",
      does: "Pays any price, unless the application registers a policy.",
      evidence: [
        "a million dollars and more are signed, and what the payer has is taken",
        `${choosing} the first that is left; spend controls came to core later`,
      ],
      judged: "stricter reading",
    }),
  ),
  ...["look-alike-asset", "worthless-token", "asset-of-another-network", "asset-of-the-sister-network"].map(
    (id): PeerFinding => ({
      caseId: `client.entries.${id}`,
      requirement: "C-PAY-23",
      status: "fail",
      does: "Signs for any token, by the name that the challenge gives it.",
      evidence: [
        "an asset that is not USDC, with extra.name USDC → an authorization for it",
        `${choosing} the first that is left, whatever its asset`,
      ],
      judged: "stricter reading",
    }),
  ),
  {
    caseId: "client.entries.dear-then-cheap",
    requirement: "C-SEC-06",
    status: "fail",
    does: "Pays the first of two entries, be it the one of a million dollars.",
    evidence: ["the entry of 1000000000000 is signed", `${choosing} the first that is left`],
    judged: "stricter reading",
  },
  ...["permit2", "upto"].flatMap((name): PeerFinding[] => [
    {
      caseId: `client.${name}.absurd-price`,
      requirement: "C-PAY-22",
      status: "fail",
      does: "Permits any price, unless the application registers a policy.",
      evidence: [
        "a million dollars are permitted",
        `${choosing} the first that is left; spend controls came to core later`,
      ],
      judged: "stricter reading",
    },
    {
      caseId: `client.${name}.dear-then-cheap`,
      requirement: "C-SEC-06",
      status: "fail",
      does: "Permits the first of two entries, be it the one of a million dollars.",
      evidence: ["the entry of 1000000000000 is permitted", `${choosing} the first that is left`],
      judged: "stricter reading",
    },
    {
      caseId: `client.${name}.unknown-flow`,
      requirement: "C-CH-08",
      status: "fail",
      does: "Signs a permit for an unknown payment flow as if the entry stated none.",
      evidence: [
        'paymentFlow: "on-account" → a permit',
        `${choosing} the first that is left; paymentFlow is younger than this version and not read`,
      ],
      judged: "deviation",
    },
    {
      caseId: `client.${name}.amount-hex`,
      requirement: "C-CH-11",
      status: "fail",
      does: "Permits an amount in hexadecimal, and sends it as `permitted.amount`.",
      evidence: [
        'amount: "0x3e8" → permitted.amount is "0x3e8", signed as 1000',
        "@x402/evm dist/esm/chunk-MLPLMDLP.mjs:412 and chunk-2CUQ3NH7.mjs:40 hand the amount on as it came",
      ],
      judged: "deviation",
    },
    {
      caseId: `client.${name}.look-alike-asset`,
      requirement: "C-PAY-23",
      status: "fail",
      does: "Permits the transfer of any token, by the name that the challenge gives it.",
      evidence: [
        "an asset that is not USDC, with extra.name USDC → a permit for it",
        `${choosing} the first that is left, whatever its asset`,
      ],
      judged: "stricter reading",
    },
  ]),
  {
    caseId: "client.extensions.identifier",
    requirement: "C-PAY-27",
    status: "fail",
    does: "Pays without a payment identifier, though one is required.",
    evidence: [
      "payment-identifier with required: true → info comes back without an id, and the payment is sent all the same",
      "@x402/core 2.11.0 dist/esm/client/index.mjs:250-261 leaves extensions as they came unless one is registered",
    ],
    judged: "deviation",
  },
];
