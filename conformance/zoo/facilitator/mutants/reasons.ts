import { type FacilitatorMutant, type HonestAnswer, json, telling } from "../mutant.ts";

/** One reason for which the reference refuses, and the cases that see it overlooked or mishandled. */
interface RefusedFor {
  /** Last part of the ids of the mutants. */
  readonly name: string;
  readonly code: string;
  /** Cases that have a payment of this kind verified, or settled. */
  readonly verified: readonly string[];
  readonly settled: readonly string[];
}

const kinds: readonly RefusedFor[] = [
  {
    name: "bad-signatures",
    code: "invalid_exact_evm_payload_signature",
    verified: [
      "facilitator.malformed.payload",
      "facilitator.settlement.other-signature-forms",
      "facilitator.smart-account.forged-to-verify",
      "facilitator.smart-account.undeployed-calls-nobody-to-verify",
      "facilitator.smart-account.undeployed-forged-to-verify",
      "facilitator.v1.signed-by-a-stranger",
      "facilitator.verify.altered-after-signing",
      "facilitator.verify.altered-signature",
      "facilitator.verify.demanded-in-another-token",
      "facilitator.verify.for-another-domain",
      "facilitator.verify.malleable-signature",
      "facilitator.verify.signed-by-a-stranger",
    ],
    settled: [
      "facilitator.malformed.payload",
      "facilitator.settle.altered-after-signing",
      "facilitator.settle.altered-signature",
      "facilitator.settle.demanded-in-another-token",
      "facilitator.settle.for-another-domain",
      "facilitator.settle.malleable-signature",
      "facilitator.settle.signed-by-a-stranger",
      "facilitator.settlement.other-signature-forms",
      "facilitator.smart-account.forged-to-settle",
      "facilitator.smart-account.undeployed",
      "facilitator.smart-account.undeployed-calls-nobody-to-settle",
      "facilitator.smart-account.undeployed-forged-to-settle",
      "facilitator.v1.signed-by-a-stranger",
    ],
  },
  {
    name: "expired-payments",
    code: "invalid_exact_evm_payload_authorization_valid_before",
    verified: ["facilitator.verify.expired"],
    settled: ["facilitator.settle.expired"],
  },
  {
    name: "early-payments",
    code: "invalid_exact_evm_payload_authorization_valid_after",
    verified: ["facilitator.verify.not-yet-valid"],
    settled: ["facilitator.settle.not-yet-valid"],
  },
  {
    name: "payments-without-funds",
    code: "insufficient_funds",
    verified: [
      "facilitator.permit2.more-than-the-payer-holds-to-verify",
      "facilitator.upto.more-than-the-payer-holds-to-verify",
      "facilitator.verify.more-than-the-payer-holds",
      "facilitator.verify.unknown-payer",
      "facilitator.sponsoring.more-than-the-payer-holds-to-verify",
    ],
    settled: [
      "facilitator.permit2.more-than-the-payer-holds-to-settle",
      "facilitator.settle.more-than-the-payer-holds",
      "facilitator.settle.unknown-payer",
      "facilitator.upto.more-than-the-payer-holds-to-settle",
      "facilitator.sponsoring.more-than-the-payer-holds-to-settle",
    ],
  },
  {
    name: "payments-that-would-fail",
    code: "invalid_transaction_state",
    verified: [
      "facilitator.permit2.nonce-of-another-payment",
      "facilitator.permit2.transfer-would-revert",
      "facilitator.settlement.settled-does-not-verify",
      "facilitator.v1.state-to-verify",
      "facilitator.verify.blacklisted-payee",
      "facilitator.verify.blacklisted-payer",
      "facilitator.verify.cancelled-nonce",
      "facilitator.verify.paused-token",
      "facilitator.verify.used-nonce",
      "facilitator.sponsoring.transfer-would-revert-to-verify",
      "facilitator.sponsoring.settled-for-other-terms",
      "facilitator.permit2.settled-for-other-terms",
      "facilitator.upto.settled-for-other-terms",
      "facilitator.upto.transfer-would-revert",
      "facilitator.upto.charged-does-not-verify",
      "facilitator.sponsoring.nonce-of-another-payment",
      "facilitator.sponsoring.upto-transfer-would-revert-to-verify",
    ],
    settled: [
      "facilitator.audit.reports-equal-transfers",
      "facilitator.chain.cancelled",
      "facilitator.chain.front-run",
      "facilitator.chain.reverted",
      "facilitator.permit2.nonce-of-another-payment",
      "facilitator.settle.blacklisted-payee",
      "facilitator.settle.blacklisted-payer",
      "facilitator.settle.cancelled-nonce",
      "facilitator.settle.paused-token",
      "facilitator.settle.used-nonce",
      "facilitator.settlement.once-across-a-restart",
      "facilitator.settlement.one-nonce-for-two-payees",
      "facilitator.settlement.one-nonce-for-two-payees-at-once",
      "facilitator.settlement.two-authorizations-with-one-nonce",
      "facilitator.settlement.verified-and-cancelled-is-not-sent",
      "facilitator.token.moves-nothing",
      "facilitator.token.takes-a-fee",
      "facilitator.upto.charged-once",
      "facilitator.v1.reverted",
      "facilitator.v1.state-to-settle",
      "facilitator.sponsoring.transfer-would-revert-to-settle",
      "facilitator.permit2.settled-for-other-terms",
      "facilitator.sponsoring.settled-for-other-terms",
      "facilitator.upto.settled-for-other-terms",
      "facilitator.upto.different-charges-at-once",
      "facilitator.permit2.one-nonce-for-two-payees-at-once",
      "facilitator.upto.one-nonce-for-two-payees-at-once",
      "facilitator.sponsoring.nonce-of-another-payment",
      "facilitator.sponsoring.upto-transfer-would-revert-to-settle",
    ],
  },
  {
    name: "unreadable-payments",
    code: "invalid_payload",
    verified: [
      "facilitator.malformed.accepted",
      "facilitator.malformed.addresses",
      "facilitator.malformed.body-of-verify",
      "facilitator.malformed.numbers",
      "facilitator.malformed.oversized-verify",
      "facilitator.malformed.parts-missing-in-verify",
      "facilitator.malformed.payload",
      "facilitator.v1.without-scheme-or-network",
      "facilitator.verify.accepted-another-price",
      "facilitator.verify.accepted-less-and-paid-it",
      "facilitator.verify.in-another-token",
      "facilitator.verify.short-nonce",
      "facilitator.permit2.accepted-less-and-paid-it-to-verify",
      "facilitator.permit2.accepted-another-price-to-verify",
      "facilitator.upto.accepted-less-and-paid-it-to-verify",
      "facilitator.upto.accepted-another-price-to-verify",
      "facilitator.permit2.malformed",
      "facilitator.upto.malformed",
      "facilitator.sponsoring.accepted-less-and-paid-it-to-verify",
      "facilitator.sponsoring.accepted-another-price-to-verify",
      "facilitator.sponsoring.upto-accepted-less-and-paid-it-to-verify",
      "facilitator.sponsoring.upto-accepted-another-price-to-verify",
    ],
    settled: [
      "facilitator.audit.reports-equal-transfers",
      "facilitator.malformed.accepted",
      "facilitator.malformed.addresses",
      "facilitator.malformed.body-of-settle",
      "facilitator.malformed.numbers",
      "facilitator.malformed.numbers-in-hex",
      "facilitator.malformed.oversized-settle",
      "facilitator.malformed.parts-missing-in-settle",
      "facilitator.malformed.payload",
      "facilitator.settle.accepted-another-price",
      "facilitator.settle.accepted-less-and-paid-it",
      "facilitator.settle.in-another-token",
      "facilitator.settle.short-nonce",
      "facilitator.v1.without-scheme-or-network",
      "facilitator.permit2.accepted-another-price-to-settle",
      "facilitator.permit2.accepted-less-and-paid-it-to-settle",
      "facilitator.upto.accepted-another-price-to-settle",
      "facilitator.upto.accepted-less-and-paid-it-to-settle",
      "facilitator.permit2.malformed",
      "facilitator.upto.malformed",
      "facilitator.sponsoring.accepted-less-and-paid-it-to-settle",
      "facilitator.sponsoring.accepted-another-price-to-settle",
      "facilitator.sponsoring.upto-accepted-another-price-to-settle",
      "facilitator.sponsoring.upto-accepted-less-and-paid-it-to-settle",
    ],
  },
  {
    name: "impossible-terms",
    code: "invalid_payment_requirements",
    verified: [
      "facilitator.malformed.network",
      "facilitator.malformed.requirements",
      "facilitator.token.without-code",
      "facilitator.v1.without-an-amount",
      "facilitator.verify.domain-not-told",
    ],
    settled: [
      "facilitator.audit.reports-equal-transfers",
      "facilitator.malformed.network",
      "facilitator.malformed.requirements",
      "facilitator.settle.domain-not-told",
      "facilitator.token.without-code",
      "facilitator.v1.without-an-amount",
    ],
  },
  {
    name: "unknown-versions",
    code: "invalid_x402_version",
    verified: ["facilitator.malformed.version"],
    settled: ["facilitator.malformed.version"],
  },
];

/** For each reason: a facilitator that says yes all the same, one that says it settled, and one that breaks. */
export const reasonMutants: readonly FacilitatorMutant[] = kinds.flatMap(
  ({ name, code, verified, settled }) => [
    {
      id: `verifies-${name}`,
      breaks: `Says that a payment is valid where it would have to answer ${code}.`,
      caughtBy: verified,
      build: telling("verify", (honest) => (reasonIn(honest) === code ? { isValid: true } : undefined)),
    },
    {
      id: `reports-settled-${name}`,
      breaks: `Reports a settlement that never was where it would have to answer ${code}.`,
      caughtBy: settled,
      build: telling("settle", (honest) =>
        reasonIn(honest) === code
          ? { success: true, transaction: `0x${"1".repeat(64)}`, network: honest.network }
          : undefined,
      ),
    },
    {
      id: `breaks-on-${name}`,
      breaks: `Answers 500 where it would have to answer ${code}.`,
      caughtBy: verified,
      build: telling("verify", (honest) =>
        reasonIn(honest) === code ? json(500, { error: "Internal Server Error" }) : undefined,
      ),
    },
  ],
);

function reasonIn(honest: HonestAnswer): unknown {
  return honest.invalidReason ?? honest.errorReason;
}
