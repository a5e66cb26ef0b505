import {
  asksAgain,
  type Case,
  type Check,
  defineCase,
  delivers,
  fails,
  hangsUp,
  type PaidAnswer,
  showed,
  signedOnce,
  stopped,
} from "../../engine/client/index.ts";
import { field, type Json } from "../../engine/index.ts";

import { nobody } from "./decoys.ts";

/** Something that goes wrong after the client has signed. */
interface Mishap {
  readonly id: string;
  readonly requirement: string;
  readonly title: string;
  /** What the shop does with the first paid request; then it is honest. */
  readonly first: PaidAnswer;
}

const mishaps: readonly Mishap[] = [
  {
    id: "client.again.higher-price",
    requirement: "C-SEC-01",
    title: "A second 402 with a higher price is not paid in the same call",
    first: asksAgain({ entry: (entry) => ({ ...entry, amount: "2000" }) }),
  },
  {
    id: "client.again.other-payee",
    requirement: "C-SEC-01",
    title: "A second 402 with another payee is not paid in the same call",
    first: asksAgain({
      entry: (entry) => ({ ...entry, payTo: nobody }),
    }),
  },
  {
    id: "client.again.after-503",
    requirement: "C-SEC-02",
    title: "After a 503 to a payment that was taken, no second payment is signed",
    first: fails(503, { takesMoney: true }),
  },
  {
    id: "client.again.after-500",
    requirement: "C-SEC-02",
    title: "After a 500 to a payment that was not taken, no second payment is signed",
    first: fails(500),
  },
  {
    id: "client.again.after-gateway-timeout",
    requirement: "C-SEC-02",
    title: "After a gateway gave up waiting for a payment that was taken, no second payment is signed",
    first: fails(504, { takesMoney: true, afterMs: 500 }),
  },
  {
    id: "client.again.lost-request",
    requirement: "C-PAY-25",
    title: "After a connection that broke before the payment was taken, no second payment is signed",
    first: hangsUp(),
  },
  {
    id: "client.again.lost-answer",
    requirement: "C-PAY-25",
    title: "After a connection that broke when the payment was taken, no second payment is signed",
    first: hangsUp({ takesMoney: true }),
  },
  {
    id: "client.again.silence",
    requirement: "C-PAY-25",
    title: "After a long silence about a payment that was taken, no second payment is signed",
    first: hangsUp({ takesMoney: true, afterMs: 2_000 }),
  },
  {
    id: "client.again.pending",
    requirement: "C-SET-02",
    title: "A settlement that is pending is not unpaid: no second payment is signed",
    first: asksAgain(
      {},
      {
        error: "The settlement is pending",
        takesMoney: true,
        receipt: (honest) => ({ ...honest, errorReason: "settlement_pending" }),
      },
    ),
  },
];

/** Words that no client can have of its own. */
const reason = "the till is closed between noon and one";

/** A client that has signed once is asked again, or left in the dark: one call is one payment. */
export const againCases: readonly Case[] = [
  defineCase({
    id: "client.again.endless-402",
    requirement: "C-PAY-20",
    title: "A client that is asked to pay again and again signs once, and stops",
    probe: (t) => t.sells({ answers: [asksAgain()] }).expect(signedOnce, stopped),
  }),
  ...mishaps.map(({ first, ...definition }) =>
    defineCase({
      ...definition,
      probe: (t) => t.sells({ answers: [first, delivers()] }).expect(signedOnce, stopped),
    }),
  ),
  defineCase({
    id: "client.again.reason-reaches-the-caller",
    requirement: "C-PAY-21",
    title: "The reason of a second 402 reaches the caller",
    needs: ["shows-content"],
    probe: (t) =>
      t.sells({ answers: [asksAgain({ body: inWords }, { error: reason })] }).expect(tells(reason)),
  }),
  defineCase({
    id: "client.again.failure-reaches-the-caller",
    requirement: "C-SET-02",
    title: "That a settlement failed reaches the caller",
    needs: ["shows-content"],
    probe: (t) =>
      t.sells({ answers: [failedWith("insufficient_funds")] }).expect(tells("insufficient_funds")),
  }),
  defineCase({
    id: "client.again.unknown-reason",
    requirement: "C-SET-05",
    title: "A reason of failure that nobody knows reaches the caller, too",
    needs: ["shows-content"],
    probe: (t) =>
      t.sells({ answers: [failedWith("moon_phase_unfavourable")] }).expect(tells("moon_phase_unfavourable")),
  }),
];

/** A 402 that says in its receipt, and for callers who read neither header in its body, why it failed. */
function failedWith(errorReason: string): PaidAnswer {
  return asksAgain(
    { body: () => JSON.stringify({ error: errorReason }) },
    { error: "Payment required", receipt: (honest) => ({ ...honest, errorReason }) },
  );
}

function inWords(challenge: Json): string {
  return JSON.stringify({ error: field(challenge, "error") ?? "" });
}

function tells(text: string): Check {
  return showed("the reason", text);
}
