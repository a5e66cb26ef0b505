import { rules } from "../requirement.ts";

/** Rules for facilitators: schemes and methods other than exact by EIP-3009. */
export const schemesRules = rules("facilitator", "x402@2", [
  [
    "F-EX-01",
    "MUST",
    "Facilitators enforce constraints that stop sponsorship abuse (fee-payer safety, exact amount, right destination).",
    "EX Critical Validation Requirements",
  ],
  [
    "F-P2-01",
    "MUST",
    "permit2: checks are done in the listed order (signature, allowance, balance, amount, time, token).",
    "EVM §2 Ph.3",
  ],
  ["F-P2-02", "MUST", "permit2: spender must be x402ExactPermit2Proxy.", "EVM §2 Ph.2"],
  [
    "F-P2-03",
    "MUST",
    "permit2: witness.to = payTo, permitted.token = asset, amount covers the price (TS: equal).",
    "EVM §2 Ph.3(4,6)",
  ],
  ["F-P2-04", "MUST", "permit2: expired deadline or future witness.validAfter refused.", "EVM §2 Ph.3(5)"],
  [
    "F-P2-05",
    "MUST",
    "permit2: no allowance and no sponsoring extension ⇒ PERMIT2_ALLOWANCE_REQUIRED.",
    "EVM §2 Ph.3(2)",
  ],
  [
    "F-P2-06",
    "MUST",
    "permit2: settle goes through the proxy; settleWithPermit when eip2612 is used; approve strictly before settle in sponsored mode.",
    "EVM §2 Ph.4",
  ],
  ["F-P2-07", "SHOULD", "permit2: simulate settlement.", "EVM §2 Ph.3(7) 'Recommended'"],
  [
    "F-GS-01",
    "MUST",
    "eip2612: spender equals canonical Permit2; signature recovers to from; token implements IERC20Permit.",
    "E2612 Verification Logic",
  ],
  [
    "F-GS-02",
    "MUST",
    "erc20 sponsoring: decoded spender equals info.spender and Permit2; signer = from; tx.to = asset; calldata = approve; nonce current.",
    "E20 Verification §1–2",
  ],
  [
    "F-GS-03",
    "MUST*",
    "erc20 sponsoring: funding+approve+settle are atomic.",
    "E20 Verification §4, Settlement",
  ],
  [
    "F-UP-01",
    "MUST",
    "upto: settled amount ≤ permitted amount, else invalid_upto_evm_payload_settlement_exceeds_amount.",
    "UP §4; UPE §4",
  ],
  ["F-UP-02", "MUST", "upto: at verify permitted.amount equals requirements.amount.", "UPE Ph.3(4)"],
  ["F-UP-03", "MUST", "upto: each authorization is settled at most once whatever the amount.", "UP §1"],
  ["F-UP-04", "MUST", "upto: time-bound and recipient-bound.", "UP §2, §3"],
  [
    "F-UP-05",
    "MUST",
    'upto: reply has amount; 0 ⇒ transaction "" and no chain transaction.',
    "UPE §3, Ph.4(4)",
  ],
  [
    "F-UP-06",
    "REF",
    "upto: witness.facilitator other than the settling signer refused.",
    "UPE §2 (facilitatorAddress)",
  ],
  [
    "F-77-01",
    "MUST*",
    "erc7710: verified only by simulating redeemDelegations, with an explicit gas limit.",
    "EVM §3 Ph.3",
  ],
  [
    "F-BS-01",
    "MUST",
    "batch-settlement binding prevents the same commitment being accepted twice and defines expiry.",
    "BS Network requirements 4–5",
  ],
]);
