import { core, evmCodes, evmSignatures, evmV1, otherCode, throwing } from "./facilitator-finding.ts";
import type { PeerFinding } from "./finding.ts";

/** What a run reports about facilitator.ts where it is paid in v1: with few exceptions what it reports in v2. */
export const v1Findings: readonly PeerFinding[] = [
  ...(
    [
      ["parts-missing-in-verify", "F-API-10", "requirements that are `[]`", `${core}:221`],
      ["parts-missing-in-settle", "F-API-10", "requirements that are `[]`", `${core}:314`],
      ["oversized-verify", "F-API-10", "a payment without x402Version", `${core}:203`],
      ["oversized-settle", "F-API-10", "a payment without x402Version", `${core}:296`],
      ["payload", "F-API-11", "a payload without authorization", `${evmV1}:502`],
      ["requirements", "F-API-13", "a maxAmountRequired of 0.5", `${evmV1}:613`],
      ["version", "F-API-14", "x402Version 3", `${core}:203`],
    ] as const
  ).map(([name, requirement, what, place]) => throwing(`v1.malformed-${name}`, requirement, what, place)),
  ...[
    "facilitator.v1.verify-altered-signature F-V-02",
    "facilitator.v1.verify-for-another-domain F-V-04",
    "facilitator.v1.smart-account-forged-to-verify F-V-01",
    "facilitator.v1.smart-account-forged-to-settle F-S-06",
  ].map((place) => otherCode(place, "invalid_exact_evm_signature", `${evmV1}:586; ${evmCodes}:7`)),
  // The typed data cannot be hashed, which is taken for a wrong signature.
  ...["facilitator.v1.malformed-numbers F-API-11", "facilitator.v1.malformed-addresses F-API-11"].map(
    (place) => otherCode(place, "invalid_exact_evm_signature", `${evmSignatures}:53`),
  ),
  otherCode(
    "facilitator.v1.verify-malleable-signature F-V-05",
    "invalid_exact_evm_transaction_simulation_failed",
    `${evmSignatures}:77 recovers from any s; the simulation finds it, ${evmV1}:269`,
  ),
  ...[
    "facilitator.v1.verify-more-than-the-payer-holds F-V-16",
    "facilitator.v1.verify-unknown-payer F-V-17",
  ].map((place) =>
    otherCode(place, "invalid_exact_evm_insufficient_balance", `${evmV1}:259-262; ${evmCodes}:18`),
  ),
  ...[
    "facilitator.v1.smart-account-undeployed-forged-to-verify F-V-01",
    "facilitator.v1.smart-account-undeployed-forged-to-settle F-S-06",
  ].map((place) => otherCode(place, "eip6492_factory_not_allowed", `${evmV1}:569-573`)),
];
