import type { FacilitatorSteps } from "#sandbox";
import { type FacilitatorMutant, type HonestAnswer, json, telling, withSteps } from "../mutant.ts";
import { permitIn } from "../permits.ts";
import { ofPermits } from "../ways.ts";

type Confirmation = Awaited<ReturnType<FacilitatorSteps["confirm"]>>;

/** Facilitators that know what can become of a transaction, but not where it spends a permit. */
export const permitChainMutants: readonly FacilitatorMutant[] = [
  {
    id: "takes-a-reverted-permit-for-settled",
    breaks: "Reports a permit as settled whose transaction reverted.",
    caughtBy: [...ofPermits("reverted", "cancelled"), ...ofPermits("front-run").filter(isNotUpto)],
    build: concluding("reverted", ({ hash }) => ({ outcome: "settled", hash })),
  },
  {
    id: "does-not-look-for-the-transfer-of-a-permit",
    breaks: "Is content with a permit's transaction that did not revert, whatever it moved.",
    caughtBy: ofPermits("token-takes-a-fee"),
    build: concluding("without a Transfer", ({ hash }) => ({ outcome: "settled", hash })),
  },
  {
    id: "takes-no-receipt-of-a-permit-for-settled",
    breaks: "Reports a permit as settled of whose transaction there is no receipt.",
    caughtBy: ofPermits("reverted-receipt-refused"),
    build: withSteps(({ confirm }, reached) => ({
      confirm: async (payment, hash, desk) => {
        const confirmation = await confirm(payment, hash, desk);
        if (payment.method !== "permit2" || confirmation.outcome !== "pending") return confirmation;
        reached();
        return { outcome: "settled", hash };
      },
    })),
  },
  {
    id: "takes-no-receipt-of-a-permit-for-failed",
    breaks: "Reports a plain failure of a permit whose transaction may still be mined.",
    caughtBy: ofPermits("receipt-missing", "receipt-refused"),
    build: tellingOfPermits("settle", (honest) =>
      honest.errorReason === "settlement_pending"
        ? { ...honest, errorReason: "unexpected_settle_error", transaction: "" }
        : undefined,
    ),
  },
  {
    id: "forgets-permits-that-are-pending",
    breaks: "Begins anew with a permit whose transaction it has sent before, and finds it used.",
    caughtBy: [
      "facilitator.permit2.pending-for-other-terms",
      "facilitator.upto.pending-for-other-terms",
      "facilitator.sponsoring.pending-for-other-terms",
      ...ofPermits("pending-across-a-restart", "receipt-found-later"),
    ],
    build: withSteps(({ record }, reached) => ({
      record: (payment, confirmation, desk) => {
        if (payment.method !== "permit2" || confirmation.outcome !== "pending")
          return record(payment, confirmation, desk);
        reached();
        desk.records.release(payment);
      },
    })),
  },
  {
    id: "blames-permits-for-outages",
    breaks: "Says that a permit's signature is bad when it could not look at the chain.",
    caughtBy: ofPermits("verify-while-node-limits-calls"),
    build: tellingOfPermits("verify", (honest) =>
      honest.invalidReason === "unexpected_verify_error"
        ? { ...honest, invalidReason: "invalid_permit2_signature" }
        : undefined,
    ),
  },
  {
    id: "breaks-on-permits-when-its-node-does",
    breaks: "Answers 500 to a permit that is to be settled when its node does not answer.",
    caughtBy: ofPermits("settle-while-node-limits-calls"),
    build: (reached) => ({
      intercept: async (call) => {
        if (call.endpoint !== "settle" || permitIn(call.request) === undefined) return undefined;
        const honest: HonestAnswer = { ...(await call.proceed()) };
        if (honest.errorReason !== "unexpected_settle_error") return json(200, honest);
        reached();
        return json(500, { error: "Internal Server Error" });
      },
    }),
  },
  {
    id: "verifies-permits-that-it-could-not-try",
    breaks: "Goes on with a permit when its node does not try the transfer for it.",
    caughtBy: ofPermits("simulation-refused-to-verify", "simulation-refused-to-settle"),
    build: withSteps(({ simulate }, reached) => ({
      simulate: async (payment, desk) => {
        if (payment.method !== "permit2") return simulate(payment, desk);
        return simulate(payment, desk).catch(() => {
          reached();
          return undefined;
        });
      },
    })),
  },
];

/** Another outcome than the chain's for a permit that failed with this in its message. */
function concluding(
  words: string,
  other: (failure: Extract<Confirmation, { outcome: "failed" }>) => Confirmation,
): FacilitatorMutant["build"] {
  return withSteps(({ confirm }, reached) => ({
    confirm: async (payment, hash, desk) => {
      const confirmation = await confirm(payment, hash, desk);
      if (payment.method !== "permit2") return confirmation;
      if (confirmation.outcome !== "failed" || !confirmation.message.includes(words)) return confirmation;
      reached();
      return other(confirmation);
    },
  }));
}

/** Other words about permits alone. */
function tellingOfPermits(
  endpoint: "verify" | "settle",
  reword: (honest: HonestAnswer) => HonestAnswer | undefined,
): FacilitatorMutant["build"] {
  return telling(endpoint, (honest, { request }) =>
    permitIn(request) === undefined ? undefined : reword(honest),
  );
}

function isNotUpto(id: string): boolean {
  return !id.includes(".upto.");
}
