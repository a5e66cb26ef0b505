import { TransactionReceiptNotFoundError } from "viem";
import type { FacilitatorSteps } from "#sandbox";
import { type FacilitatorMutant, telling, withSteps } from "../mutant.ts";
import { ofEveryWay } from "../ways.ts";

type Desk = Parameters<FacilitatorSteps["confirm"]>[2];
type Confirmation = Awaited<ReturnType<FacilitatorSteps["confirm"]>>;

/** Facilitators that take what their node refuses to tell for a yes or for a no, or are stuck after it. */
export const nodeRefusalMutants: readonly FacilitatorMutant[] = [
  {
    id: "fails-what-it-cannot-read",
    breaks: "Reports a plain failure of a transfer whose receipt its node does not give.",
    caughtBy: ofEveryWay("receipt-refused"),
    build: withoutReceipt((error) => {
      throw error;
    }),
  },
  {
    id: "takes-an-unread-receipt-for-a-good-one",
    breaks: "Reports a transfer as settled whose receipt its node does not give.",
    caughtBy: ofEveryWay("reverted-receipt-refused"),
    build: withoutReceipt((_error, hash) => ({ outcome: "settled", hash })),
  },
  {
    id: "stuck-after-a-refusal",
    breaks: "Counts on after its node refused a transaction, so that the next ones wait for it for ever.",
    caughtBy: ["facilitator.chain.out-of-gas", "facilitator.chain.send-refused"],
    build: withSteps(({ broadcast }, reached) => {
      // A restart opens another desk, and reads the count from the chain.
      const stuck = new WeakSet<object>();
      return {
        broadcast: async (payment, desk) => {
          if (stuck.has(desk)) {
            reached();
            return { sent: false, message: "nonce too high" };
          }
          const sending = await broadcast(payment, desk);
          if (!sending.sent) stuck.add(desk);
          return sending;
        },
      };
    }),
  },
  {
    id: "blames-the-payer-for-its-gas",
    breaks: "Says insufficient_funds when it cannot pay for its own gas.",
    caughtBy: ["facilitator.chain.out-of-gas"],
    build: telling("settle", (honest) =>
      String(honest.errorMessage).includes("insufficient funds for gas")
        ? { ...honest, errorReason: "insufficient_funds" }
        : undefined,
    ),
  },
  {
    id: "takes-no-simulation-for-a-good-one",
    breaks: "Goes on when its node does not try the transfer for it.",
    caughtBy: ofEveryWay("simulation-refused-to-settle", "simulation-refused-to-verify"),
    build: withSteps(({ check, simulate }, reached) => ({
      check: (payment, desk, checks) => check(payment, withoutGlance(desk), checks),
      simulate: (payment, desk) =>
        simulate(payment, withoutGlance(desk)).catch(() => {
          reached();
          return undefined;
        }),
    })),
  },
];

/** What is concluded when a receipt is not merely missing: the node refuses to look for it. */
function withoutReceipt(
  conclude: (error: unknown, hash: `0x${string}`) => Confirmation,
): FacilitatorMutant["build"] {
  return withSteps(({ confirm }, reached) => ({
    confirm: async (payment, hash, desk) => {
      const honest = await confirm(payment, hash, desk);
      if (honest.outcome !== "pending") return honest;
      try {
        await desk.chain.getTransactionReceipt({ hash });
      } catch (error) {
        if (error instanceof TransactionReceiptNotFoundError) return honest;
        reached();
        return conclude(error, hash);
      }
      return honest;
    },
  }));
}

/** A look at everything at once would try the transfer, too. */
function withoutGlance(desk: Desk): Desk {
  return { ...desk, glance: async () => undefined };
}
