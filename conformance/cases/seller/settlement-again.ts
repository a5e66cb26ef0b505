import {
  type Case,
  defineCase,
  provided,
  refused,
  settledOrWithheld,
  withheld,
} from "../../engine/seller/index.ts";
import { aSale } from "./sale.ts";

/** Settlements that fail, and what the facilitator does in them. */
const failures = [
  { fault: "settle-refuses", what: "refused to settle" },
  { fault: "settle-500", what: "failed to settle" },
  { fault: "settle-hangs-up", what: "did not say whether it settled" },
] as const;

/** A payment whose settlement failed comes again. */
export const settlementAgainCases: readonly Case[] = failures.map(({ fault, what }) =>
  defineCase({
    id: `seller.settlement.again-after-${fault}`,
    requirement: "S-ORD-02",
    title: `A payment that the facilitator ${what} buys nothing later, unless it is settled then`,
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      const failed = await t.underFault(fault, t.buy().expect(provided(refused), provided(withheld)));
      const again = await t.resend(t.lastPayment).done();
      // Whether the seller settles now, or did so on its own meanwhile, is all the same.
      await settledOrWithheld({ ...again, transfers: failed.transfers });
    },
  }),
);
