import type { Hash } from "viem";
import { concluding, type FacilitatorMutant, telling, withSteps } from "../mutant.ts";
import { ofEveryWay, ofPermits } from "../ways.ts";

/** Cases in which a transfer was sent, and nothing is known of it. */
const whereNothingIsKnown = [
  "facilitator.chain.pending",
  "facilitator.chain.receipt-missing",
  "facilitator.chain.receipt-refused",
  ...ofPermits("receipt-missing", "receipt-refused"),
];

/** Facilitators that are wrong about a transfer of which there is no receipt yet. */
export const waitingMutants: readonly FacilitatorMutant[] = [
  {
    id: "takes-no-receipt-for-settled",
    breaks: "Reports a transfer as settled of which there is no receipt.",
    caughtBy: [
      "facilitator.chain.dropped",
      "facilitator.chain.pending",
      "facilitator.chain.replaced",
      "facilitator.v1.dropped",
      ...ofEveryWay("reverted-receipt-refused"),
    ],
    build: concluding((confirmation) =>
      confirmation.outcome === "pending" ? { outcome: "settled", hash: confirmation.hash } : undefined,
    ),
  },
  {
    id: "takes-an-earlier-transfer-for-this-one",
    breaks:
      "When no receipt comes, reports the transaction in which the payer last paid as much to the payee.",
    caughtBy: [
      "facilitator.chain.dropped",
      "facilitator.chain.pending",
      "facilitator.chain.replaced",
      "facilitator.v1.dropped",
      ...ofEveryWay("receipt-missing", "receipt-refused", "reverted-receipt-refused"),
    ],
    build: withSteps(({ confirm }, reached) => {
      const last = new Map<string, Hash>();
      return {
        confirm: async (...order) => {
          const [{ authorization, requirements, asset }] = order;
          const { from, value } = authorization;
          const name = [from, requirements.payTo, asset, value].join(" ");
          const confirmation = await confirm(...order);
          if (confirmation.outcome === "settled") last.set(name, confirmation.hash);
          const earlier = last.get(name);
          if (confirmation.outcome !== "pending" || earlier === undefined) return confirmation;
          reached();
          return { outcome: "settled", hash: earlier };
        },
      };
    }),
  },
  {
    id: "takes-no-receipt-for-failed",
    breaks: "Reports a plain failure of a transfer that may still be mined.",
    caughtBy: whereNothingIsKnown,
    build: telling("settle", (honest) =>
      honest.errorReason === "settlement_pending"
        ? { ...honest, errorReason: "unexpected_settle_error", transaction: "" }
        : undefined,
    ),
  },
  {
    id: "takes-no-receipt-for-reverted",
    breaks: "Says that a transaction failed of which it waits no longer for the receipt.",
    caughtBy: whereNothingIsKnown,
    build: telling("settle", (honest) =>
      honest.errorReason === "settlement_pending"
        ? { ...honest, errorReason: "invalid_transaction_state" }
        : undefined,
    ),
  },
  {
    id: "forgets-what-is-pending",
    breaks: "Begins anew with a payment whose transfer it has sent before, and finds the authorization used.",
    caughtBy: [
      "facilitator.settlement.pending-for-other-terms",
      "facilitator.permit2.pending-for-other-terms",
      "facilitator.upto.pending-for-other-terms",
      "facilitator.sponsoring.pending-for-other-terms",
      "facilitator.audit.reports-equal-transfers",
      "facilitator.chain.pending-resolved",
      ...ofEveryWay("receipt-found-later"),
      "facilitator.settlement.pending-across-a-restart",
      ...ofPermits("pending-across-a-restart"),
    ],
    build: withSteps(({ record }, reached) => ({
      record: (payment, confirmation, desk) => {
        if (confirmation.outcome !== "pending") return record(payment, confirmation, desk);
        reached();
        desk.records.release(payment);
      },
    })),
  },
  {
    id: "forgets-what-is-pending-over-a-restart",
    breaks: "Keeps in memory only which transfers it waits for.",
    caughtBy: ["facilitator.settlement.pending-across-a-restart", ...ofPermits("pending-across-a-restart")],
    build: (reached) => ({
      ...concluding(({ outcome }) => {
        if (outcome === "pending") reached();
        return undefined;
      })(() => {}),
      forgetful: true,
    }),
  },
];
