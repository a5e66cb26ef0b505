import { register } from "../requirements/index.ts";
import type { Exchange, ExchangeGroup } from "./exchange.ts";
import type { Need } from "./request.ts";
import type { Trader } from "./trader.ts";

/** What a case does with its buyer: one exchange that is left to the engine to send, or several in turn. */
export type Script = (t: Trader) => Exchange | ExchangeGroup | Promise<unknown>;

/** One rule, tried once against a subject. */
export interface Case {
  /** Append-only, never renamed, e.g. `seller.replay.same-payment-twice`. */
  readonly id: string;
  /** The rule it tries; in the register. */
  readonly requirement: string;
  /** What must hold, in one sentence. */
  readonly title: string;
  /** What the run must be given for it. */
  readonly needs?: readonly Need[];
  /**
   * The same exchange without the fault. It must succeed, or the verdict is inconclusive. Without one, the run's
   * first sale must have succeeded before the case can pass.
   */
  readonly control?: Script;
  /** The exchange that the rule is about. */
  readonly probe: Script;
  /** Runs alone, after all others: it disturbs the subject. */
  readonly alone?: boolean;
}

/**
 * Declares a case.
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
  if (!register.has(definition.requirement)) {
    throw new RangeError(
      `Case ${definition.id} cites ${definition.requirement}, which is not in the register.`,
    );
  }
  return definition;
}
