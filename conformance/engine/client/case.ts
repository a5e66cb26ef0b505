import { type CaseOf, declareCase } from "../case.ts";
import { paidOnce } from "./expectations.ts";
import type { Shop } from "./shop.ts";

/** What a client must be able to do, or show, for a case to be tried. */
export type Need =
  | "shows-content"
  | "shows-receipt"
  | "takes-requests"
  | "takes-environment"
  | "is-sent"
  | "has-limit"
  | "pays-permit2"
  | "pays-upto";

/** Why a case cannot be tried without it, and what to do. */
export const remedies: Readonly<Record<Need, string>> = {
  "shows-content": "the client does not show what it bought: let the program print the body of the answer",
  "shows-receipt":
    "the client does not show the receipt: let the program print the transaction in PAYMENT-RESPONSE",
  "takes-requests": "the client cannot be told what to send: judge it with --module",
  "takes-environment":
    "the client is not started by a command, so nobody can set its time zone here: judge it with --command",
  "has-limit": "nothing says what the client is set to pay at most: tell it with --limit",
  "pays-permit2": "the client signed nothing at a shop that takes exact by Permit2, and need not",
  "pays-upto": "the client signed nothing at a shop that takes upto, and need not",
  "is-sent": "the client comes by itself, and with a key of its own: judge it with --command or --module",
};

/** The same for a client that comes by itself. */
export const unseen = "nobody sees what its caller gets: judge it with --command or --module";

/** A case of the client suite: `t` is a shop. */
export type Case = CaseOf<Shop, Need>;

/**
 * Declares a case in which the shop does one thing differently. Its control is the run's honest sale.
 *
 * @throws RangeError when it cites a rule that is not in the register
 *
 * @example
 * defineCase({
 *   id: "client.again.endless-402",
 *   requirement: "C-PAY-20",
 *   title: "A client that is asked again and again signs once",
 *   probe: (t) => t.sells({ answers: [asksAgain()] }).expect(signedOnce),
 * });
 */
export function defineCase(definition: Case): Case {
  return declareCase({ control: (t: Shop) => t.sellsHonestly().expect(paidOnce), ...definition });
}

/**
 * Declares a case about what an honest shop receives. It has no control: a client whose payment is wrong may well
 * sell nothing, and is judged all the same.
 *
 * @throws RangeError when it cites a rule that is not in the register
 */
export function defineFormCase(definition: Case): Case {
  return declareCase(definition);
}
