import { type Check, holdAgainst } from "./exchange.ts";
import { Difference, Finding, Unserved } from "./finding.ts";

/**
 * The same checks for a case that tries several things in turn: a finding says which of them it was, and stays of its
 * kind.
 */
export function trying<O>(what: string, ...checks: readonly Check<O>[]): Check<O> {
  return async (observed) => {
    try {
      await holdAgainst(observed, checks);
    } catch (error) {
      if (!(error instanceof Finding)) throw error;
      const Kind = [Difference, Unserved].find((kind) => error instanceof kind) ?? Finding;
      throw new Kind(`${what}: ${error.message}`, error.expected, error.actual);
    }
  };
}
