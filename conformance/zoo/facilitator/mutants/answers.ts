import { type FacilitatorMutant, type HonestAnswer, json, telling } from "../mutant.ts";
import { ofEveryWay, ofPermits } from "../ways.ts";

/** Facilitators that do everything right and tell it wrong. */
export const answerMutants: readonly FacilitatorMutant[] = [
  {
    id: "validity-as-text",
    breaks: 'Says isValid: "true". No seller that looks closely can use it.',
    caughtBy: [
      "facilitator.settlement.all-that-the-payer-holds",
      "facilitator.api.no-reason-when-valid",
      "facilitator.api.payer-is-the-payer",
      "facilitator.api.resource-left-out",
      "facilitator.api.verify-answers",
      "facilitator.permit2.nonce-of-another-payment",
      "facilitator.permit2.settles",
      "facilitator.settlement.addresses-in-lower-case",
      "facilitator.settlement.agrees-with-verify",
      "facilitator.settlement.settled-does-not-verify",
      "facilitator.settlement.valid-since-ever",
      "facilitator.settlement.verified-and-cancelled-is-not-sent",
      "facilitator.settlement.verified-for-other-terms",
      "facilitator.settlement.verified-is-settled",
      "facilitator.settlement.verify-moves-nothing",
      "facilitator.upto.settles",
      "facilitator.v1.for-another-scheme-or-network",
      "facilitator.v1.pays-another",
      "facilitator.v1.settles",
      "facilitator.v1.signed-by-a-stranger",
      "facilitator.v1.underpaid-by-one",
      "facilitator.v1.unsupported-network",
      "facilitator.v1.unsupported-scheme",
      "facilitator.v1.without-an-amount",
      "facilitator.v1.without-scheme-or-network",
      "facilitator.sponsoring.allowance-sent-before",
      "facilitator.sponsoring.settles",
      "facilitator.settlement.settled-for-other-terms",
      "facilitator.permit2.settled-for-other-terms",
      "facilitator.sponsoring.settled-for-other-terms",
      "facilitator.upto.settled-for-other-terms",
      "facilitator.permit2.addresses-in-lower-case",
      "facilitator.upto.addresses-in-lower-case",
      "facilitator.sponsoring.nonce-of-another-payment",
    ],
    build: telling("verify", (honest) => ({ ...honest, isValid: String(honest.isValid) })),
  },
  {
    id: "settlement-without-network",
    breaks: "Leaves the network out of every answer to /settle.",
    caughtBy: [
      "facilitator.api.every-refusal-of-settle-has-its-shape",
      "facilitator.api.network-is-the-settled-one",
      "facilitator.api.settle-answers-on-failure",
      "facilitator.api.settle-answers-on-success",
      "facilitator.v1.network-by-its-name",
    ],
    build: telling("settle", ({ network: _, ...honest }) => honest),
  },
  {
    id: "failure-without-transaction",
    breaks: "Leaves the transaction out of the answer when it did not settle.",
    caughtBy: [
      "facilitator.api.every-refusal-of-settle-has-its-shape",
      "facilitator.api.no-transaction-when-nothing-was-sent",
      "facilitator.api.settle-answers-on-failure",
      "facilitator.chain.pending",
      ...ofEveryWay("receipt-missing", "receipt-refused"),
    ],
    build: telling(
      "settle",
      onlyFailures(({ transaction: _, ...honest }) => honest),
    ),
  },
  {
    id: "failure-with-a-made-up-transaction",
    breaks: "Names a transaction although nothing was sent.",
    caughtBy: [
      "facilitator.api.no-transaction-when-nothing-was-sent",
      "facilitator.chain.pending",
      ...ofEveryWay("receipt-missing", "receipt-refused"),
    ],
    build: telling(
      "settle",
      onlyFailures((honest) => ({ ...honest, transaction: `0x${"0".repeat(64)}` })),
    ),
  },
  {
    id: "settled-network-by-its-v1-name",
    breaks: "Names the settled network as x402 v1 did, to callers who speak v2.",
    caughtBy: ["facilitator.api.network-is-the-settled-one"],
    build: telling("settle", (honest) =>
      String(honest.network).startsWith("eip155:") ? { ...honest, network: "base-sepolia" } : undefined,
    ),
  },
  {
    id: "settlement-names-another-transaction",
    breaks: "Names a transaction that never was.",
    caughtBy: [
      "facilitator.chain.one-of-eight-cancelled",
      "facilitator.settlement.pending-for-other-terms",
      "facilitator.permit2.pending-for-other-terms",
      "facilitator.upto.pending-for-other-terms",
      "facilitator.sponsoring.pending-for-other-terms",
      "facilitator.settlement.pending-across-a-restart",
      ...ofPermits("pending-across-a-restart"),
      "facilitator.api.signers-send-the-transfers",
      "facilitator.chain.answer-lost",
      "facilitator.chain.dropped",
      "facilitator.chain.out-of-gas",
      "facilitator.chain.pending-resolved",
      "facilitator.chain.reorganized",
      "facilitator.chain.replaced",
      "facilitator.chain.send-refused",
      "facilitator.chain.slow-node",
      "facilitator.identifier.one-payment-two-names",
      "facilitator.identifier.two-payments-one-name",
      "facilitator.permit2.eight-at-once",
      "facilitator.permit2.settles",
      "facilitator.settlement.2-at-once",
      "facilitator.settlement.64-at-once",
      "facilitator.settlement.8-at-once",
      "facilitator.settlement.one-nonce-for-two-payees-at-once",
      "facilitator.settlement.one-nonce-in-two-tokens",
      "facilitator.settlement.one-nonce-of-two-payers",
      "facilitator.settlement.sixteen-answers-of-their-own",
      "facilitator.settlement.sixteen-payments-at-once",
      "facilitator.settlement.transfers-as-signed",
      "facilitator.settlement.two-authorizations-with-one-nonce",
      "facilitator.upto.charged-nothing",
      "facilitator.upto.charged-once",
      "facilitator.upto.settles",
      "facilitator.upto.two-charges-at-once",
      "facilitator.v1.once",
      "facilitator.sponsoring.allowance-sent-before",
      "facilitator.sponsoring.eight-at-once",
      "facilitator.sponsoring.settles",
      "facilitator.sponsoring.settles-upto",
      "facilitator.upto.different-charges-at-once",
      "facilitator.permit2.one-nonce-for-two-payees-at-once",
      "facilitator.upto.one-nonce-for-two-payees-at-once",
      "facilitator.permit2.sixteen-payments-at-once",
      "facilitator.upto.sixteen-payments-at-once",
      ...ofEveryWay("receipt-found-later"),
    ],
    build: telling("settle", (honest) =>
      honest.success === true ? { ...honest, transaction: `0x${"7".repeat(64)}` } : undefined,
    ),
  },
  {
    id: "refusal-without-a-reason",
    breaks: "Does not say why a payment does not verify.",
    caughtBy: [
      "facilitator.api.every-refusal-of-verify-has-its-shape",
      "facilitator.api.reason-on-refusal",
      "facilitator.chain.verify-while-node-answers-429",
      "facilitator.chain.verify-while-node-is-down",
      "facilitator.settlement.agrees-with-verify",
      ...ofEveryWay("verify-while-node-limits-calls"),
    ],
    build: telling(
      "verify",
      onlyFailures(({ invalidReason: _, ...honest }) => honest),
    ),
  },
  {
    id: "failure-without-a-reason",
    breaks: "Does not say why a payment was not settled.",
    caughtBy: [
      "facilitator.api.every-refusal-of-settle-has-its-shape",
      "facilitator.api.reason-on-failure",
      "facilitator.chain.pending",
      "facilitator.chain.settle-while-node-answers-429",
      "facilitator.chain.settle-while-node-is-down",
      "facilitator.settlement.agrees-with-verify",
      ...ofEveryWay("receipt-missing", "receipt-refused", "settle-while-node-limits-calls"),
    ],
    build: telling(
      "settle",
      onlyFailures(({ errorReason: _, ...honest }) => honest),
    ),
  },
  ...(["verify", "settle"] as const).map(
    (endpoint): FacilitatorMutant => ({
      id: `${endpoint}-words-what-the-chain-refuses-as-an-error`,
      breaks: `Answers /${endpoint} of what only the chain shows to be wrong with 400 and a text, without a verdict.`,
      caughtBy: [`facilitator.api.every-refusal-of-${endpoint}-has-its-shape`],
      build: telling(endpoint, ({ invalidReason, errorReason = invalidReason, transaction = "" }) =>
        errorReason === "invalid_transaction_state" && transaction === ""
          ? json(400, { error: "execution reverted" })
          : undefined,
      ),
    }),
  ),
  {
    id: "reason-although-valid",
    breaks: "Gives an invalidReason for a payment that verifies.",
    caughtBy: ["facilitator.api.no-reason-when-valid"],
    build: telling("verify", (honest) =>
      honest.isValid === true ? { ...honest, invalidReason: "none" } : undefined,
    ),
  },
  {
    id: "reason-although-settled",
    breaks: "Gives an errorReason for a payment that was settled.",
    caughtBy: ["facilitator.api.no-reason-when-settled"],
    build: telling("settle", (honest) =>
      honest.success === true ? { ...honest, errorReason: "" } : undefined,
    ),
  },
  {
    id: "refuses-with-400",
    breaks: "Answers 400 when a payment does not verify.",
    caughtBy: ["facilitator.api.refusals-are-200"],
    build: telling("verify", (honest) => (honest.isValid === true ? undefined : json(400, honest))),
  },
  {
    id: "tells-the-nodes-address",
    breaks: "Puts the address of its node into its refusals.",
    caughtBy: [
      "facilitator.chain.outage-tells-nothing-of-internals",
      "facilitator.malformed.internals-stay-inside",
      "facilitator.malformed.refusals-of-verify-tell-nothing",
    ],
    build: telling("verify", (honest, call) =>
      honest.isValid === true ? undefined : { ...honest, invalidMessage: `at async ${call.endpoint}` },
    ),
  },
  {
    id: "breaks-on-deep-nesting",
    breaks: "Answers 500 to a request that is nested a hundred deep.",
    caughtBy: ["facilitator.malformed.oversized-settle", "facilitator.malformed.oversized-verify"],
    build: (reached) => ({
      intercept: async ({ request }) => {
        if (!JSON.stringify(request ?? null).includes("}".repeat(100))) return undefined;
        reached();
        return json(500, { error: "Internal Server Error" });
      },
    }),
  },
];

/** Leaves alone what succeeded. */
function onlyFailures(reword: (honest: HonestAnswer) => HonestAnswer) {
  return (honest: HonestAnswer) =>
    honest.isValid === true || honest.success === true ? undefined : reword(honest);
}
