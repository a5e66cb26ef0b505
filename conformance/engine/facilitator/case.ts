import { type CaseOf, declareCase } from "../case.ts";
import type { Merchant } from "./merchant.ts";

/** What the suite must be able to do with the facilitator. */
export type FacilitatorNeed =
  | "restart"
  | "chain-faults"
  | "discovery"
  | "bazaar"
  | "permit2"
  | "upto"
  | "eip2612-sponsoring"
  | "upto-sponsoring";

/** A case of the facilitator suite: `t` is a seller. */
export type Case = CaseOf<Merchant, FacilitatorNeed>;

/**
 * Declares a case of the facilitator suite.
 *
 * @throws RangeError when it cites a rule that is not in the register
 *
 * @example
 * defineCase({
 *   id: "facilitator.verify.underpaid-by-one",
 *   requirement: "F-V-06",
 *   title: "A payment of one unit less than the price is refused",
 *   control: (t) => t.verify().expect(accepted),
 *   probe: (t) => t.verify({ authorization: lessByOne }).expect(refused("amount"), nothingBroadcast),
 * });
 */
export function defineCase(definition: Case): Case {
  return declareCase(definition);
}
