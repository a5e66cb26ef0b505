import { asksAgain, type Case, defineCase, signedOnce, stopped } from "../../engine/client/index.ts";

/** A client that has signed once is asked again: one call is one payment. */
export const againCases: readonly Case[] = [
  defineCase({
    id: "client.again.endless-402",
    requirement: "C-PAY-20",
    title: "A client that is asked to pay again and again signs once, and stops",
    probe: (t) => t.sells({ answers: [asksAgain()] }).expect(signedOnce, stopped),
  }),
  defineCase({
    id: "client.again.higher-price",
    requirement: "C-SEC-01",
    title: "A second 402 with a higher price is not paid in the same call",
    probe: (t) =>
      t
        .sells({ answers: [asksAgain({ entry: (entry) => ({ ...entry, amount: "2000" }) })] })
        .expect(signedOnce),
  }),
];
