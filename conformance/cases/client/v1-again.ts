import {
  asksAgain,
  type Case,
  defineCase,
  delivers,
  fails,
  hangsUp,
  movesAway,
  showed,
  signedOnce,
  signedTheTerms,
  stopped,
  withheldFrom,
} from "../../engine/client/index.ts";

import { nobody } from "./decoys.ts";

const protocol = "x402@1";

/** What follows on a payment to a v1 shop. */
export const v1AgainCases: readonly Case[] = [
  defineCase({
    id: "client.v1.endless-402",
    requirement: "C-PAY-20",
    protocol,
    title: "A client that a v1 shop asks again and again signs once, and stops",
    probe: (t) => t.sells({ answers: [asksAgain()] }).expect(signedOnce, stopped),
  }),
  defineCase({
    id: "client.v1.after-503",
    requirement: "C-SEC-02",
    protocol,
    title: "After a 503 of a v1 shop that took the payment, no second one is signed",
    probe: (t) =>
      t.sells({ answers: [fails(503, { takesMoney: true }), delivers()] }).expect(signedOnce, stopped),
  }),
  defineCase({
    id: "client.v1.lost-answer",
    requirement: "C-PAY-25",
    protocol,
    title: "After a connection that broke when a v1 shop took the payment, no second one is signed",
    probe: (t) =>
      t.sells({ answers: [hangsUp({ takesMoney: true }), delivers()] }).expect(signedOnce, stopped),
  }),
  defineCase({
    id: "client.v1.no-receipt",
    requirement: "C-SET-03",
    protocol,
    title: "Without a receipt of a v1 shop, the content reaches the caller",
    needs: ["shows-content"],
    probe: (t) =>
      t
        .sells({ answers: [delivers({ receipt: () => undefined })] })
        .expect(showed("the content", ({ code }) => code)),
  }),
  ...(
    [
      ["higher-price", "a higher price", { maxAmountRequired: "2000" }],
      ["other-payee", "another payee", { payTo: nobody }],
    ] as const
  ).map(([id, what, change]) =>
    defineCase({
      id: `client.v1.${id}`,
      requirement: "C-SEC-01",
      protocol,
      title: `A second 402 of a v1 shop with ${what} is not paid in the same call`,
      probe: (t) =>
        t
          .sells({ answers: [asksAgain({ entry: (entry) => ({ ...entry, ...change }) }), delivers()] })
          .expect(signedOnce, stopped, signedTheTerms),
    }),
  ),
  defineCase({
    id: "client.v1.reason-reaches-the-caller",
    requirement: "C-PAY-21",
    protocol,
    title: "The reason of a second 402 of a v1 shop reaches the caller",
    needs: ["shows-content"],
    probe: (t) =>
      t
        .sells({ answers: [asksAgain({}, { error: "the till is closed" })] })
        .expect(showed("the reason", "the till is closed")),
  }),
  defineCase({
    id: "client.v1.unknown-reason",
    requirement: "C-SET-05",
    protocol,
    title: "A reason of failure that nobody knows reaches the caller of a v1 shop",
    needs: ["shows-content"],
    probe: (t) =>
      t
        .sells({
          answers: [
            asksAgain(
              {},
              {
                error: "moon_phase_unfavourable",
                receipt: (honest) => ({ ...honest, errorReason: "moon_phase_unfavourable" }),
              },
            ),
          ],
        })
        .expect(showed("the reason", "moon_phase_unfavourable")),
  }),
  defineCase({
    id: "client.v1.receipt-is-no-base64",
    requirement: "C-SET-03",
    protocol,
    title: "With a v1 receipt that is not base64, the content reaches the caller",
    needs: ["shows-content"],
    probe: (t) =>
      t
        .sells({ answers: [delivers({ receipt: () => ({ raw: "%%% not base64 %%%" }) })] })
        .expect(showed("the content", ({ code }) => code)),
  }),
  defineCase({
    id: "client.v1.paid-redirect",
    requirement: "C-PAY-24",
    protocol,
    title: "A v1 payment that is answered with 307 to another host does not go there",
    probe: (t) => t.sells({ answers: [movesAway(307)] }).expect(withheldFrom("stranger")),
  }),
  defineCase({
    id: "client.v1.unpaid-redirect",
    requirement: "C-SEC-03",
    protocol,
    title: "A client that was sent on to a v1 shop pays nothing to the host that never asked",
    probe: (t) => t.sells({ asks: { movedWith: 307 } }).expect(withheldFrom("shop")),
  }),
];
