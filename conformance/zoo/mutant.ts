import { type SellerSteps, sellerSteps } from "#sandbox";
import type { ReferenceVariation } from "../subjects/index.ts";

/** A seller that is wrong in exactly one way. */
export interface Mutant {
  readonly id: string;
  /** What is wrong with it, in one sentence. */
  readonly breaks: string;
  /** Ids of the cases that must fail or warn on it: these, and no others. */
  readonly caughtBy: readonly string[];
  /** Its fault stands in the way of every sale, so that most cases prove nothing about it. */
  readonly sellsNothing?: true;
  /** Builds it; `reached` is called each time the fault shows. */
  readonly build: (reached: () => void) => ReferenceVariation;
}

/**
 * The reference with one step replaced.
 *
 * @example
 * build: replacing("verify", (_original, reached) => () => {
 *   reached();
 *   return { kind: "verified" };
 * })
 */
export function replacing<Step extends keyof SellerSteps>(
  step: Step,
  replacement: (original: SellerSteps[Step], reached: () => void) => SellerSteps[Step],
): Mutant["build"] {
  return (reached) => ({ steps: { ...sellerSteps, [step]: replacement(sellerSteps[step], reached) } });
}
