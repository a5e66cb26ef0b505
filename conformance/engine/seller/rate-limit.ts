import type { WireAnswer } from "../../oracles/wire/index.ts";
import { Unproven } from "../finding.ts";

/**
 * Lets pass whatever is no 429.
 *
 * @throws Unproven when the seller answers that it is asked too often: then the answer is about nothing else
 */
export function requireNoLimit({ status }: WireAnswer): void {
  if (status !== 429) return;
  throw new Unproven(
    "The seller answers 429: it is asked too often. Lift its rate limit for the run, or ask more slowly with --workers 1.",
  );
}
