import {
  accepting,
  blamingThePayment,
  evm,
  evmCodes,
  evmSignatures,
  evmUpto,
  otherCode,
} from "./facilitator-finding.ts";
import type { PeerFinding } from "./finding.ts";

/** What a run of the suite reports about facilitator.ts and payments by Permit2. */
export const permitFindings: readonly PeerFinding[] = [
  {
    caseId: "facilitator.permit2.malformed",
    requirement: "F-API-11",
    status: "fail",
    does: "Throws on a permit of exact without a signature instead of answering with a code.",
    evidence: [
      "POST /verify → 500 Cannot read properties of undefined (reading 'startsWith')",
      `${evmSignatures}:74`,
    ],
    judged: "deviation",
  },
  {
    caseId: "facilitator.upto.malformed",
    requirement: "F-API-11",
    status: "fail",
    does: "Throws on a permit of upto whose nonce is no number instead of answering with a code.",
    evidence: ["POST /verify → 500 Cannot convert once to a BigInt", `${evmUpto}:154`],
    judged: "deviation",
  },
  {
    caseId: "facilitator.sponsoring.malformed-to-settle",
    requirement: "F-GS-01",
    status: "fail",
    does: "Settles a payment whose extension says that the allowance is for no address at all: /settle does not look.",
    evidence: [
      'POST /settle with eip2612GasSponsoring.info.spender "Permit2" → success: true; the proxy allows Permit2, whatever info says',
      `${evm}:522 leaves before from, asset, spender and deadline are looked at, unless simulateInSettle is set`,
    ],
    judged: "deviation",
  },
  ...["permit2", "upto", "sponsoring"].flatMap((way) =>
    ["verify", "settle"].map((endpoint) =>
      blamingThePayment(`${way}.${endpoint}-while-node-limits-calls`, "-32005", "invalid_permit2_signature"),
    ),
  ),
  ...(
    [
      ["permit2", `${evm}:761`],
      ["upto", `${evmUpto}:465`],
      ["sponsoring", `${evm}:712`],
    ] as const
  ).map(
    ([way, place]): PeerFinding => ({
      caseId: `facilitator.${way}.token-takes-a-fee`,
      requirement: "F-S-03",
      status: "fail",
      does: "Reports a permit as settled of which the payee got less than the amount.",
      evidence: [
        "POST /settle, while the token keeps one per cent → success: true",
        `${place} looks at the receipt's status alone; for EIP-3009, ${evm}:266 looks for the Transfer, too`,
      ],
      judged: "deviation",
    }),
  ),
  ...(
    [
      ["permit2.", `${evm}:424-432`],
      ["sponsoring.", `${evm}:424-432`],
      ["upto.", `${evmUpto}:68-75`],
      ["sponsoring.upto-", `${evmUpto}:68-75`],
    ] as const
  ).flatMap(([lead, place]) => [
    accepting(`facilitator.${lead}accepted-another-price-to-verify`, "POST /verify → isValid: true", place),
    accepting(`facilitator.${lead}accepted-another-price-to-settle`, "POST /settle → success: true", place),
  ]),
  otherCode(
    "facilitator.permit2.more-than-the-payer-holds-to-verify F-P2-01",
    "permit2_insufficient_balance",
    `${evmCodes}:29`,
  ),
  otherCode(
    "facilitator.upto.more-than-the-payer-holds-to-verify F-V-16",
    "permit2_insufficient_balance",
    `${evmCodes}:29`,
  ),
  otherCode(
    "facilitator.permit2.without-allowance-to-verify F-P2-05",
    "permit2_allowance_required",
    `${evmCodes}:27 spells it in lower case`,
  ),
  otherCode(
    "facilitator.sponsoring.more-than-the-payer-holds-to-verify F-EX-01",
    "permit2_insufficient_balance",
    `${evmCodes}:29`,
  ),
  otherCode(
    "facilitator.sponsoring.upto-more-than-the-payer-holds-to-verify F-EX-01",
    "permit2_insufficient_balance",
    `${evmCodes}:29`,
  ),
  otherCode(
    "facilitator.sponsoring.no-allowance-to-verify F-P2-05",
    "permit2_allowance_required",
    `${evmCodes}:27 spells it in lower case`,
  ),
  otherCode(
    "facilitator.permit2.first-fault-first F-P2-01",
    "permit2_deadline_expired",
    `${evm}:456 looks at time, amount and token before the signature`,
  ),
];
