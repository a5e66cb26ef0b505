import { type FacilitatorMutant, overlooking, withSteps } from "../mutant.ts";
import { ofPermits } from "../ways.ts";

/** The cases of one fault in both schemes that are paid by Permit2. */
function ofBoth(name: string, ...endpoints: readonly ("verify" | "settle")[]): string[] {
  return ["permit2", "upto"].flatMap((scheme) =>
    endpoints.map((endpoint) => `facilitator.${scheme}.${name}-to-${endpoint}`),
  );
}

/**
 * Facilitators that are wrong about payments by Permit2. What they overlook the contracts find, too, so that most of it
 * shows in the code of the refusal, or when it is sent unseen.
 */
export const permit2Mutants: readonly FacilitatorMutant[] = [
  {
    id: "overlooks-the-permit-signature",
    breaks: "Does not look at the signature of a permit.",
    caughtBy: [
      "facilitator.permit2.first-fault-first",
      ...ofBoth("for-another-chain", "verify"),
      ...ofBoth("signed-by-a-stranger", "verify"),
      "facilitator.sponsoring.signed-by-a-stranger-to-verify",
      "facilitator.permit2.malformed",
      "facilitator.sponsoring.for-another-chain-to-verify",
      "facilitator.sponsoring.upto-for-another-chain-to-verify",
      "facilitator.sponsoring.upto-signed-by-a-stranger-to-verify",
      "facilitator.upto.forged-and-charged-nothing",
      "facilitator.upto.malformed",
    ],
    build: overlooking("permit2", "signature"),
  },
  {
    id: "overlooks-the-allowance",
    breaks: "Does not look whether Permit2 may take the amount.",
    caughtBy: [
      "facilitator.permit2.first-fault-first",
      "facilitator.permit2.without-allowance-to-verify",
      "facilitator.sponsoring.no-allowance-to-verify",
    ],
    build: overlooking("permit2", "allowance"),
  },
  {
    id: "overlooks-the-permit-payers-balance",
    breaks: "Does not look at what the payer of a permit holds.",
    caughtBy: [
      ...ofBoth("more-than-the-payer-holds", "verify"),
      "facilitator.sponsoring.more-than-the-payer-holds-to-verify",
      "facilitator.sponsoring.upto-more-than-the-payer-holds-to-verify",
    ],
    build: overlooking("permit2", "balance"),
  },
  {
    id: "overlooks-the-permitted-amount",
    breaks: "Takes any permitted amount of exact.",
    caughtBy: [
      "facilitator.permit2.first-fault-first",
      "facilitator.permit2.underpaid-by-one-to-settle",
      "facilitator.permit2.underpaid-by-one-to-verify",
      "facilitator.sponsoring.underpaid-by-one-to-settle",
      "facilitator.sponsoring.underpaid-by-one-to-verify",
    ],
    build: overlooking("permit2", "amount"),
  },
  {
    id: "overlooks-the-bound",
    breaks: "Takes any permitted amount of upto; the proxy transfers no more than it all the same.",
    caughtBy: ["facilitator.upto.charged-more-than-permitted", "facilitator.upto.verified-for-another-bound"],
    build: overlooking("permit2", "upto amount"),
  },
  {
    id: "overlooks-the-deadline",
    breaks: "Does not look at a permit's deadline.",
    caughtBy: [
      ...ofBoth("expired", "verify"),
      "facilitator.sponsoring.expired-to-verify",
      "facilitator.sponsoring.upto-expired-to-verify",
    ],
    build: overlooking("permit2", "expired"),
  },
  {
    id: "overlooks-that-a-permit-is-early",
    breaks: "Does not look at validAfter in the witness.",
    caughtBy: [
      ...ofBoth("not-yet-valid", "verify"),
      "facilitator.sponsoring.not-yet-valid-to-verify",
      "facilitator.sponsoring.upto-not-yet-valid-to-verify",
    ],
    build: overlooking("permit2", "not yet valid"),
  },
  {
    id: "overlooks-the-permitted-token",
    breaks: "Takes a permit for any token, though it be worth nothing.",
    caughtBy: [
      ...ofBoth("in-another-token", "settle", "verify"),
      "facilitator.sponsoring.in-another-token-to-settle",
      "facilitator.sponsoring.in-another-token-to-verify",
      "facilitator.sponsoring.upto-in-another-token-to-settle",
      "facilitator.sponsoring.upto-in-another-token-to-verify",
    ],
    build: overlooking("permit2", "token"),
  },
  {
    id: "overlooks-the-spender",
    breaks: "Takes a permit for any spender.",
    caughtBy: [
      ...ofBoth("to-another-spender", "verify"),
      "facilitator.sponsoring.to-another-spender-to-verify",
      "facilitator.sponsoring.upto-to-another-spender-to-verify",
    ],
    build: overlooking("permit2", "spender"),
  },
  {
    id: "overlooks-the-permit-recipient",
    breaks: "Does not compare the payee in the witness with payTo.",
    caughtBy: [
      ...ofBoth("pays-another", "settle", "verify"),
      "facilitator.sponsoring.pays-another-to-settle",
      "facilitator.sponsoring.pays-another-to-verify",
      "facilitator.sponsoring.upto-pays-another-to-settle",
      "facilitator.sponsoring.upto-pays-another-to-verify",
      "facilitator.upto.forged-and-charged-nothing",
    ],
    build: overlooking("permit2", "recipient"),
  },
  {
    id: "overlooks-the-named-facilitator",
    breaks: "Does not look which facilitator a permit of upto names.",
    caughtBy: ["facilitator.upto.for-another-facilitator"],
    build: overlooking("permit2", "facilitator"),
  },
  {
    id: "checks-permits-last-fault-first",
    breaks: "Looks at a permit's time and token first, at its signature last.",
    caughtBy: ["facilitator.permit2.first-fault-first"],
    build: withSteps((original, reached) => ({
      checks: {
        ...original.checks,
        permit2: original.checks.permit2.toReversed().map((check) => ({
          ...check,
          check: (subject) => {
            reached();
            return check.check(subject);
          },
        })),
      },
    })),
  },
  {
    id: "does-not-simulate-permits",
    breaks: "Does not try the transfer of a permit before it says yes, or sends it.",
    caughtBy: [
      "facilitator.permit2.transfer-would-revert",
      "facilitator.sponsoring.transfer-would-revert-to-settle",
      "facilitator.sponsoring.transfer-would-revert-to-verify",
      "facilitator.sponsoring.upto-transfer-would-revert-to-settle",
      "facilitator.sponsoring.upto-transfer-would-revert-to-verify",
      "facilitator.upto.transfer-would-revert",
      ...ofPermits("simulation-refused-to-settle"),
    ],
    build: withSteps((original, reached) => ({
      simulate: async (payment, desk) => {
        if (payment.method !== "permit2") return original.simulate(payment, desk);
        reached();
        return undefined;
      },
    })),
  },
  {
    id: "settles-permits-unseen",
    breaks: "Sends whatever permit it is asked to settle, trusting that it was verified.",
    caughtBy: [
      "facilitator.permit2.underpaid-by-one-to-settle",
      "facilitator.permit2.without-allowance-to-settle",
      "facilitator.upto.charged-more-than-permitted",
      "facilitator.upto.for-another-facilitator",
      ...[
        "expired",
        "for-another-chain",
        "in-another-token",
        "more-than-the-payer-holds",
        "not-yet-valid",
        "pays-another",
        "signed-by-a-stranger",
        "to-another-spender",
      ].flatMap((name) => ofBoth(name, "settle")),
      ...ofPermits("simulation-refused-to-settle"),
      "facilitator.sponsoring.allowance-expired-to-settle",
      "facilitator.sponsoring.allowance-for-another-spender-to-settle",
      "facilitator.sponsoring.allowance-of-another-account-to-settle",
      "facilitator.sponsoring.allowance-of-another-token-to-settle",
      "facilitator.sponsoring.allowance-of-less-than-the-price-to-settle",
      "facilitator.sponsoring.allowance-signed-by-a-stranger-to-settle",
      "facilitator.sponsoring.allowance-with-another-nonce-to-settle",
      "facilitator.sponsoring.in-another-token-to-settle",
      "facilitator.sponsoring.more-than-the-payer-holds-to-settle",
      "facilitator.sponsoring.no-allowance-to-settle",
      "facilitator.sponsoring.pays-another-to-settle",
      "facilitator.sponsoring.signed-by-a-stranger-to-settle",
      "facilitator.sponsoring.token-without-permits-to-settle",
      "facilitator.sponsoring.transfer-would-revert-to-settle",
      "facilitator.sponsoring.underpaid-by-one-to-settle",
      "facilitator.permit2.malformed",
      "facilitator.sponsoring.allowance-of-more-than-the-price-to-settle",
      "facilitator.sponsoring.expired-to-settle",
      "facilitator.sponsoring.for-another-chain-to-settle",
      "facilitator.sponsoring.not-yet-valid-to-settle",
      "facilitator.sponsoring.to-another-spender-to-settle",
      "facilitator.sponsoring.upto-accepted-less-and-paid-it-to-settle",
      "facilitator.sponsoring.upto-expired-to-settle",
      "facilitator.sponsoring.upto-for-another-chain-to-settle",
      "facilitator.sponsoring.upto-in-another-token-to-settle",
      "facilitator.sponsoring.upto-more-than-the-payer-holds-to-settle",
      "facilitator.sponsoring.upto-not-yet-valid-to-settle",
      "facilitator.sponsoring.upto-pays-another-to-settle",
      "facilitator.sponsoring.upto-signed-by-a-stranger-to-settle",
      "facilitator.sponsoring.upto-to-another-spender-to-settle",
      "facilitator.sponsoring.upto-transfer-would-revert-to-settle",
      "facilitator.sponsoring.upto-underpaid-by-one-to-settle",
      "facilitator.upto.accepted-less-and-paid-it-to-settle",
      "facilitator.upto.forged-and-charged-nothing",
      "facilitator.upto.malformed",
    ],
    build: withSteps((original, reached) => ({
      check: async (payment, desk, checks) => {
        const refusal = await original.check(payment, desk, checks);
        if (payment.method !== "permit2" || payment.phase === "verify") return refusal;
        if (refusal !== undefined) reached();
        return undefined;
      },
      simulate: async (payment, desk) =>
        payment.method === "permit2" && payment.phase === "settle"
          ? undefined
          : original.simulate(payment, desk),
    })),
  },
];
