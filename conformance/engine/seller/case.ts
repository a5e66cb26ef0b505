import { type CaseOf, declareCase, type ScriptOf } from "../case.ts";
import type { Need } from "./request.ts";
import type { Trader } from "./trader.ts";

/** A case of the seller suite: `t` is a buyer. */
export type Case = CaseOf<Trader, Need>;

export type Script = ScriptOf<Trader>;

/**
 * Declares a case of the seller suite.
 *
 * @throws RangeError when it cites a rule that is not in the register
 *
 * @example
 * export default defineCase({
 *   id: "seller.replay.same-payment-twice",
 *   requirement: "S-RPL-01",
 *   title: "A settled payment buys nothing the second time",
 *   control: (t) => t.buy().expect(served, settled(1)),
 *   probe: (t) => t.resend(t.lastPayment).expect(turnedAway),
 * });
 */
export function defineCase(definition: Case): Case {
  return declareCase(definition);
}
