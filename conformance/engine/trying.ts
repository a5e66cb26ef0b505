import { type Check, holdAgainst } from "./exchange.ts";
import { Difference, Finding, Unserved } from "./finding.ts";

/**
 * The same checks for a case that tries several things in turn: a finding says which of them it was, and stays of its
 * kind.
 */
export function trying<O>(what: string, ...checks: readonly Check<O>[]): Check<O> {
  return caught(checks, (found) => retold(found, `${what}: ${found.message}`));
}

/** The same checks; a finding ends with a sentence about where to look, and stays of its kind. */
export function hinting<O>(hint: string, ...checks: readonly Check<O>[]): Check<O> {
  return caught(checks, (found) => retold(found, `${found.message} ${hint}`));
}

/** The same checks, of which nothing more than a difference is found. */
export function asDifference<O>(...checks: readonly Check<O>[]): Check<O> {
  return caught(checks, ({ message, expected, actual }) => new Difference(message, expected, actual));
}

/** The same checks; what they find counts only where `premise` holds after it: what that throws comes first. */
export function whileStill<O>(premise: () => Promise<unknown>, ...checks: readonly Check<O>[]): Check<O> {
  return caught(checks, async (found) => {
    await premise();
    return found;
  });
}

function caught<O>(
  checks: readonly Check<O>[],
  tell: (found: Finding) => Finding | Promise<Finding>,
): Check<O> {
  return async (observed) => {
    try {
      await holdAgainst(observed, checks);
    } catch (error) {
      throw error instanceof Finding ? await tell(error) : error;
    }
  };
}

function retold(found: Finding, message: string): Finding {
  const Kind = [Difference, Unserved].find((kind) => found instanceof kind) ?? Finding;
  return new Kind(message, found.expected, found.actual);
}
