import {
  type Case,
  defineCase,
  type PaymentChange,
  settled,
  trying,
  turnedAway,
} from "../../engine/seller/index.ts";
import { aSale } from "./sale.ts";
import { stranger } from "./tampering.ts";

/** What the buyer would like to have been asked for. */
const claims: Readonly<Record<string, PaymentChange>> = {
  "Paid one atomic unit, before anybody was asked": {
    accepted: (entry) => ({ ...entry, amount: "1" }),
    authorization: (signed) => ({ ...signed, value: 1n }),
  },
  "Paid to somebody else, before anybody was asked": {
    accepted: (entry) => ({ ...entry, payTo: stranger }),
    authorization: (signed) => ({ ...signed, to: stranger }),
  },
};

/** Payments that come before the seller asked anybody: it may not have its terms from the buyer then. */
export const firstRequestCases: readonly Case[] = [
  defineCase({
    id: "seller.terms.claimed-before-any-challenge",
    requirement: "S-PAY-09",
    title: "Terms that a buyer claims are refused also when its payment is the first request after a restart",
    needs: ["restart"],
    alone: true,
    control: aSale,
    probe: async (t) => {
      for (const [what, change] of Object.entries(claims)) {
        const payment = await t.prepare(change);
        await t.restart();
        await t
          .resend(payment)
          .expect(trying(what, turnedAway, settled(0)))
          .done();
      }
    },
  }),
];
