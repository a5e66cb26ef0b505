import { setTimeout as delay } from "node:timers/promises";
import { sellerSteps } from "#sandbox";
import { type Mutant, replacing } from "../mutant.ts";
import { settledInTheSellersWords } from "./retry.ts";

/** Longest that a hasty seller waits, in milliseconds. */
const patienceMs = 2_000;

/** Sellers that do not wait for their facilitator, or do without it. */
export const hasteMutants: readonly Mutant[] = [
  {
    id: "delivers-when-settling-takes-long",
    breaks: "Waits for two seconds for the settlement, then delivers and hopes.",
    caughtBy: ["seller.settlement.waits-for-a-slow-settle"],
    build: replacing("settle", (original, reached) => async (exchange, order) => {
      const hope = async () => {
        await delay(patienceMs, undefined, { ref: false });
        return undefined;
      };
      const settlement = await Promise.race([original(exchange, order), hope()]);
      if (settlement !== undefined) return settlement;
      reached();
      return settledInTheSellersWords(exchange);
    }),
  },
  {
    id: "works-when-verifying-takes-long",
    breaks: "Waits for two seconds for the verdict on a payment, then takes it for good.",
    caughtBy: ["seller.settlement.waits-for-a-slow-verify"],
    build: replacing("verify", (original, reached) => async (exchange, order) => {
      const hope = async () => {
        await delay(patienceMs, undefined, { ref: false });
        return undefined;
      };
      const verified = await Promise.race([original(exchange, order), hope()]);
      if (verified !== undefined) return verified;
      reached();
      return { kind: "verified" };
    }),
  },
  {
    id: "opens-in-a-long-outage",
    breaks:
      "After three failures of /verify in a row it serves without asking, until the facilitator is well.",
    caughtBy: ["seller.settlement.stays-closed-in-a-long-outage"],
    build: (reached) => {
      const failuresOf = new Map<string, number>();
      const unasked = new WeakSet<object>();
      return {
        steps: {
          ...sellerSteps,
          verify: async (exchange, order) => {
            const payer = payerOf(order.paymentPayload.payload);
            const verified = await sellerSteps.verify(exchange, order);
            const isOut = verified.kind === "refused" && verified.refusal.kind === "unavailable";
            const failures = isOut ? (failuresOf.get(payer) ?? 0) + 1 : 0;
            failuresOf.set(payer, failures);
            if (failures < 3) return verified;
            reached();
            unasked.add(exchange.request);
            return { kind: "verified" };
          },
          settle: async (exchange, order) =>
            unasked.has(exchange.request)
              ? settledInTheSellersWords(exchange)
              : sellerSteps.settle(exchange, order),
        },
      };
    },
  },
];

/** The suite's cases run side by side, each with a payer of its own: for one of them, the facilitator is out. */
function payerOf(payload: unknown): string {
  return /"from":"(0x[0-9a-f]{40})"/i.exec(JSON.stringify(payload))?.[1]?.toLowerCase() ?? "";
}
