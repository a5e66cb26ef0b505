import { type FacilitatorMutant, json, signatureIn, telling, withSteps } from "../mutant.ts";

/** Facilitators that say that they speak x402 v1, and do not quite. */
export const v1Mutants: readonly FacilitatorMutant[] = [
  {
    id: "lists-v1-and-refuses-it",
    breaks: "Lists v1 in /supported, and verifies no payment of it.",
    caughtBy: [
      "facilitator.api.settles-each-kind-it-lists",
      "facilitator.v1.settles",
      ...[
        "api-no-reason-when-valid",
        "api-payer-is-the-payer",
        "settlement-addresses-in-lower-case",
        "settlement-agrees-with-verify",
        "settlement-all-that-the-payer-holds",
        "settlement-settled-does-not-verify",
        "settlement-valid-since-ever",
        "settlement-verified-and-cancelled-is-not-sent",
        "settlement-verified-for-other-terms",
        "settlement-verify-moves-nothing",
      ].map((name) => `facilitator.v1.${name}`),
    ],
    build: telling("verify", (_honest, { request }) =>
      isV1(request) ? { isValid: false, invalidReason: "invalid_x402_version" } : undefined,
    ),
  },
  {
    id: "v1-receipt-without-payer",
    breaks: "Leaves the payer out of what it answers to v1's /settle.",
    caughtBy: ["facilitator.v1.names-the-payer"],
    build: telling("settle", ({ payer: _, ...honest }, { request }) => (isV1(request) ? honest : undefined)),
  },
  {
    id: "breaks-on-v1-without-an-amount",
    breaks: "Answers 500 to v1 requirements without maxAmountRequired.",
    caughtBy: ["facilitator.v1.malformed-parts-missing-in-verify", "facilitator.v1.without-an-amount"],
    build: telling("verify", (_honest, { request }) =>
      isV1(request) && !JSON.stringify(request).includes("maxAmountRequired")
        ? json(500, { error: "Internal Server Error" })
        : undefined,
    ),
  },
  {
    id: "makes-up-a-second-v1-settlement",
    breaks: "Tells of another transfer when a v1 payment is settled again.",
    caughtBy: [
      "facilitator.v1.once",
      ...["2-at-once", "8-at-once", "64-at-once", "once-across-a-restart"].map(
        (name) => `facilitator.v1.settlement-${name}`,
      ),
      "facilitator.v1.settlement-one-nonce-for-two-payees-at-once",
    ],
    build: (reached) => {
      const settled = new Set<string>();
      const { intercept } = telling("settle", (honest, { request }) => {
        if (!isV1(request) || honest.success !== true) return undefined;
        const name = JSON.stringify(request);
        if (settled.has(name)) return { ...honest, transaction: `0x${"6".repeat(64)}` };
        settled.add(name);
        return undefined;
      })(reached);
      return intercept === undefined ? {} : { intercept };
    },
  },
  {
    id: "does-not-wait-for-v1",
    breaks: "Reports a v1 payment as settled when its transaction was sent.",
    caughtBy: [
      "facilitator.v1.cancelled",
      "facilitator.v1.front-run",
      "facilitator.v1.reverted-receipt-refused",
      "facilitator.v1.token-takes-a-fee",
      "facilitator.v1.dropped",
      "facilitator.v1.reverted",
    ],
    build: telling("settle", ({ errorReason: _, ...honest }, { request }) =>
      isV1(request) && honest.success === false && honest.transaction !== ""
        ? { ...honest, success: true }
        : undefined,
    ),
  },
  {
    id: "asks-no-chain-about-v1",
    breaks: "Looks at nothing but the signature of a v1 payment, whatever the token would say.",
    caughtBy: [
      "facilitator.v1.settlement-verified-and-cancelled-is-not-sent",
      ...["verify", "settle"].flatMap((endpoint) => [
        `facilitator.v1.state-to-${endpoint}`,
        ...[
          "blacklisted-payer",
          "cancelled-nonce",
          "expired",
          "more-than-the-payer-holds",
          "not-yet-valid",
          "paused-token",
          "unknown-payer",
        ].map((name) => `facilitator.v1.${endpoint}-${name}`),
      ]),
    ],
    build: (reached) => {
      const ofV1 = new Set<unknown>();
      const { steps } = withSteps(({ check, simulate }) => ({
        check: (payment, desk, checks) => {
          const onlySignature = checks.state.filter(({ name }) => ["asset", "signature"].includes(name));
          const state = ofV1.has(payment.signature) ? onlySignature : checks.state;
          return check(payment, desk, { ...checks, state });
        },
        simulate: async (payment, desk) => {
          const refusal = await simulate(payment, desk);
          if (refusal === undefined || !ofV1.has(payment.signature)) return refusal;
          reached();
          return undefined;
        },
      }))(reached);
      return {
        ...(steps && { steps }),
        intercept: async ({ request }) => {
          if (isV1(request)) ofV1.add(signatureIn(request));
          return undefined;
        },
      };
    },
  },
];

function isV1(request: unknown): boolean {
  return (
    typeof request === "object" && request !== null && "x402Version" in request && request.x402Version === 1
  );
}
