import type { CaseResult } from "../engine/index.ts";

/** What every wrong program tells of itself, whatever it is. */
export interface MutantFacts {
  readonly id: string;
  /** What is wrong with it, in one sentence. */
  readonly breaks: string;
  /** Ids of the cases that must fail or warn on it: these, and no others. */
  readonly caughtBy: readonly string[];
  /** Its fault stands in the way of every sale, so that most cases prove nothing about it. */
  readonly sellsNothing?: true;
}

/** What the suite made of one mutant. */
export interface Trial {
  readonly mutant: MutantFacts;
  /** Cases that failed or warned. */
  readonly caught: readonly string[];
  /** Named by the mutant, but did not catch it: blind cases. */
  readonly blind: readonly string[];
  /** Caught it without being named: coupled cases. */
  readonly coupled: readonly string[];
  /** How often the mutant's fault showed. */
  readonly reached: number;
  /** Whether an honest sale came about. */
  readonly sold: boolean;
  /** Verdicts of cases that are a fault of the suite. */
  readonly errors: readonly CaseResult[];
}

/** What a run against a mutant came to. */
export interface Judgement {
  readonly results: readonly CaseResult[];
  readonly sold: boolean;
}

/** Holds what the suite found against what the mutant declares. */
export function trialOf(mutant: MutantFacts, { results, sold }: Judgement, reached: number): Trial {
  const caught = results.filter(({ status }) => status === "fail" || status === "warn").map(({ id }) => id);
  return {
    mutant,
    caught,
    blind: mutant.caughtBy.filter((id) => !caught.includes(id)),
    coupled: caught.filter((id) => !mutant.caughtBy.includes(id)),
    reached,
    sold,
    errors: results.filter(({ status }) => status === "error"),
  };
}

/** Whether the suite sees the mutant exactly as the mutant says it must. */
export function isAsDeclared({ mutant, blind, coupled, reached, sold, errors }: Trial): boolean {
  const exact = blind.length === 0 && coupled.length === 0 && errors.length === 0;
  return exact && reached > 0 && sold === !mutant.sellsNothing;
}
