import {
  accepting,
  blamingThePayment,
  core,
  evm,
  evmCodes,
  evmSignatures,
  evmV1,
  otherCode,
  throwing,
} from "./facilitator-finding.ts";
import { permitFindings } from "./facilitator-permits.findings.ts";
import { v1Findings } from "./facilitator-v1.findings.ts";
import type { PeerFinding } from "./finding.ts";

/** What a run of the suite reports about facilitator.ts, and nothing else. README.md explains each. */
export const facilitatorFindings: readonly PeerFinding[] = [
  ...[
    throwing("malformed.parts-missing-in-verify", "F-API-10", "requirements that are `[]`", `${core}:221`),
    throwing("malformed.parts-missing-in-settle", "F-API-10", "requirements that are `[]`", `${core}:314`),
    throwing("malformed.oversized-verify", "F-API-10", "a payment without x402Version", `${core}:203`),
    throwing("malformed.oversized-settle", "F-API-10", "a payment without x402Version", `${core}:296`),
    throwing("malformed.payload", "F-API-11", "a payload without authorization", `${evm}:90`),
    throwing("malformed.accepted", "F-API-12", "a payment without `accepted`", `${evm}:92`),
    throwing("malformed.requirements", "F-API-13", "an amount of 0.5", `${evm}:212`),
    throwing("malformed.version", "F-API-14", "x402Version 3", `${core}:203`),
    throwing("malformed.scheme", "F-API-15", "an unknown scheme", `${core}:221`),
    throwing("malformed.network", "F-API-16", "an unknown network", `${core}:221`),
  ],
  ...[
    { caseId: "facilitator.v1.unsupported-scheme", requirement: "F-API-15", what: "an unknown v1 scheme" },
    { caseId: "facilitator.v1.unsupported-network", requirement: "F-API-16", what: "an unknown v1 network" },
  ].map(
    ({ what, ...place }): PeerFinding => ({
      ...place,
      status: "fail",
      does: `Throws on ${what} instead of answering with a code.`,
      evidence: [
        "POST /verify → 500 No facilitator registered for scheme: barter and network: base-sepolia, or exact and somewhere",
        `${core}:221`,
      ],
      judged: "deviation",
    }),
  ),
  {
    caseId: "facilitator.v1.without-an-amount",
    requirement: "F1-01",
    status: "fail",
    does: "Throws on v1 requirements without maxAmountRequired.",
    evidence: [`POST /verify → 500 Cannot convert undefined to a BigInt; ${evmV1}:613`],
    judged: "deviation",
  },
  {
    caseId: "facilitator.chain.outage-tells-nothing-of-internals",
    requirement: "F-API-21",
    status: "fail",
    does: "Tells the seller the URL of its node, which often holds an access key, when a transfer could not be sent.",
    evidence: [
      "POST /settle, while the node's answer to eth_sendRawTransaction is lost → errorMessage with URL: http://127.0.0.1:… and the request body",
      `${evm}:407 hands out viem's message as it is`,
    ],
    judged: "deviation",
  },
  {
    caseId: "facilitator.chain.answer-lost",
    requirement: "F-S-10",
    status: "warn",
    does: "Forgets a transaction whose sending its node did not confirm, and calls its payment used when it comes again.",
    evidence: [
      "POST /settle while the node hangs up after it took the transaction, and again → success false, invalid_exact_evm_nonce_already_used, while the payer was charged",
      "@x402/evm dist/esm/exact/facilitator/index.mjs:373, 403-412: only a transaction whose hash came back can be pending; for any other error it reads the contract's words",
    ],
    judged: "stricter reading",
  },
  {
    caseId: "facilitator.bazaar.payment-stands",
    requirement: "F-BZ-04",
    status: "fail",
    does: "Throws, after it has settled, on a declaration without `info.input` whose schema does not ask for it.",
    evidence: [
      "POST /settle with bazaar {info: {}, schema: {}} → 500 Cannot read properties of undefined (reading 'type'), and the transfer is on chain",
      "@x402/extensions dist/esm/chunk-SV2YHMOC.mjs:838 throws",
      `${core}:328 lets a hook that runs after the settlement fail it`,
    ],
    judged: "deviation",
  },
  ...[
    accepting("facilitator.verify.accepted-another-price", "POST /verify → isValid: true"),
    accepting("facilitator.settle.accepted-another-price", "POST /settle → success: true"),
  ],
  ...(
    [
      ["verify-while-node-limits-calls", "-32005"],
      ["settle-while-node-limits-calls", "-32005"],
      ["verify-while-node-is-down", "no connection"],
      ["settle-while-node-is-down", "no connection"],
      ["verify-while-node-answers-429", "429"],
      ["settle-while-node-answers-429", "429"],
    ] as const
  ).map(([name, node]) => blamingThePayment(`chain.${name}`, node, "invalid_exact_evm_signature")),
  ...["verify", "settle"].map((endpoint) =>
    blamingThePayment(`v1.${endpoint}-while-node-limits-calls`, "-32005", "invalid_exact_evm_signature"),
  ),
  ...[
    ...[
      "facilitator.verify.signed-by-a-stranger F-V-01",
      "facilitator.verify.altered-signature F-V-02",
      "facilitator.verify.for-another-domain F-V-04",
      "facilitator.smart-account.forged-to-verify F-V-01",
      "facilitator.smart-account.forged-to-settle F-S-06",
    ].map((place) => otherCode(place, "invalid_exact_evm_signature", `${evmCodes}:7`)),
    // The typed data cannot be hashed, which is taken for a wrong signature.
    otherCode("facilitator.malformed.numbers F-API-11", "invalid_exact_evm_signature", `${evmSignatures}:53`),
    otherCode(
      "facilitator.malformed.addresses F-API-11",
      "invalid_exact_evm_signature",
      `${evmSignatures}:53`,
    ),
    otherCode(
      "facilitator.verify.malleable-signature F-V-05",
      "invalid_exact_evm_transaction_simulation_failed",
      `${evmSignatures}:77 recovers from any s; the simulation finds it`,
    ),
    otherCode(
      "facilitator.verify.pays-another F-V-08",
      "invalid_exact_evm_recipient_mismatch",
      `${evmCodes}:6`,
    ),
    otherCode(
      "facilitator.verify.accepted-another-network F-V-09",
      "invalid_exact_evm_network_mismatch",
      `${evmCodes}:4`,
    ),
    otherCode(
      "facilitator.verify.accepted-another-scheme F-V-10",
      "invalid_exact_evm_scheme",
      `${evmCodes}:3`,
    ),
    otherCode(
      "facilitator.verify.more-than-the-payer-holds F-V-16",
      "invalid_exact_evm_insufficient_balance",
      `${evmCodes}:18`,
    ),
    otherCode(
      "facilitator.verify.unknown-payer F-V-17",
      "invalid_exact_evm_insufficient_balance",
      `${evmCodes}:18`,
    ),
    otherCode(
      "facilitator.verify.domain-not-told F-V-24",
      "invalid_exact_evm_missing_eip712_domain",
      `${evmCodes}:5`,
    ),
    otherCode(
      "facilitator.smart-account.undeployed-forged-to-verify F-V-01",
      "eip6492_factory_not_allowed",
      `${evm}:157`,
    ),
    otherCode(
      "facilitator.smart-account.undeployed-forged-to-settle F-S-06",
      "eip6492_factory_not_allowed",
      `${evm}:157`,
    ),
    ...(
      [
        ["chain", "exact", `${evmCodes}:12`],
        ["v1", "exact", `${evmCodes}:12`],
        ["permit2", "exact", `${evmCodes}:12`],
        ["sponsoring", "exact", `${evmCodes}:12`],
        ["upto", "upto", "@x402/evm dist/esm/chunk-MLPLMDLP.mjs:160"],
      ] as const
    ).flatMap(([way, scheme, place]) =>
      ["reverted", "cancelled"].map((name) =>
        otherCode(`facilitator.${way}.${name} F-S-07`, `invalid_${scheme}_evm_transaction_failed`, place),
      ),
    ),
  ],
  ...["settlement.", "v1.settlement-", "permit2.", "upto."].map(
    (way): PeerFinding => ({
      caseId: `facilitator.${way}sixteen-payments-at-once`,
      requirement: "F-S-11",
      status: "warn",
      notEveryTime: true,
      does: "Gives two settlements at once the same account nonce, so that one of them fails.",
      evidence: [
        "16 times POST /settle at once → 3 times errorMessage: Nonce provided for the transaction is lower than the current nonce of the account",
        "the package leaves account nonces to viem; even viem's nonceManager, which facilitator.ts uses, gives some twice",
      ],
      judged: "deviation",
    }),
  ),
  ...permitFindings,
  ...v1Findings,
];
