import {
  type Case,
  type Check,
  defineCase,
  delivers,
  fails,
  hangsUp,
  stopped,
} from "../../engine/client/index.ts";
import { Finding, NotApplicable, Unproven } from "../../engine/index.ts";
import { type Mishap, refuses } from "./mishaps.ts";
import { noncesIn } from "./nonces.ts";

/** What goes wrong with the second purchase; a client that knows its shop by then may take another way than at first. */
const mishaps: readonly Mishap[] = [
  {
    id: "client.again.second-lost",
    requirement: "C-PAY-25",
    title: "When the answer to a second purchase is lost, that one is not signed twice either",
    answers: [hangsUp({ takesMoney: true })],
  },
  {
    id: "client.again.second-500",
    requirement: "C-SEC-02",
    title: "After a 500 to a second purchase that was taken, that one is not signed twice either",
    answers: [fails(500, { takesMoney: true })],
  },
  {
    id: "client.again.second-pending",
    requirement: "C-SET-02",
    title: "While the settlement of a second purchase is pending, that one is not signed twice either",
    answers: [refuses("settlement_pending", "The settlement is pending")],
  },
];

/** The client has bought once, and is sent to the same address again: one call is one payment there, too. */
export const secondPurchaseCases: readonly Case[] = mishaps.map(({ answers, ...definition }) =>
  defineCase({
    ...definition,
    needs: ["is-sent"],
    probe: (t) =>
      t.sells({ twice: true, answers: [delivers(), ...answers, delivers()] }).expect(stopped, signedOneMore),
  }),
);

/** Of two errands to one address, the second was paid with one authorization; the first one's do not count there. */
const signedOneMore: Check = ({ errands: [first, second], deliveries }) => {
  if (deliveries === 0) throw new Unproven("The first payment was not taken.");
  const earlier = noncesIn(first);
  const nonces = [...new Set(noncesIn(second))].filter((nonce) => !earlier.includes(nonce));
  if (nonces.length === 0) throw new NotApplicable("The client did not pay a second time.");
  if (nonces.length === 1) return;
  throw new Finding(
    "The client signed more than one payment for the second purchase.",
    "at most one authorization",
    nonces.map((nonce) => `nonce ${nonce}`).join("; "),
  );
};
