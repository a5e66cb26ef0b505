import { matchesGlob } from "node:path";
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

/** A case that did not come to what a mutant declares. */
export interface Surprise {
  readonly id: string;
  /** What it came to, and why. */
  readonly told: string;
}

/** What the suite made of one mutant. */
export interface Trial {
  readonly mutant: MutantFacts;
  /** Cases that failed or warned. */
  readonly caught: readonly string[];
  /** Named by the mutant, but did not catch it: blind cases. */
  readonly blind: readonly Surprise[];
  /** Caught it without being named: coupled cases. */
  readonly coupled: readonly Surprise[];
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

/**
 * How much of the suite a mutant is tried on: the `whole`, what it names and a `sample` of the rest, or the cases whose
 * ids match one of some globs.
 */
export type Thoroughness = "whole" | "sample" | { readonly globs: readonly string[] };

/** One case in so many belongs to a sample. */
const sampling = 5;

/**
 * The cases that a mutant is tried on. A sample has every case that the mutant names, and of the others each fifth,
 * beginning elsewhere for each mutant. What only the audit of a whole run sees needs the whole run.
 */
export function casesFor<C extends { readonly id: string }>(
  { id, caughtBy }: MutantFacts,
  cases: readonly C[],
  thoroughness: Thoroughness,
): readonly C[] {
  if (typeof thoroughness === "object") return cases.filter(isOneOf(thoroughness));
  if (thoroughness === "whole" || caughtBy.some((name) => name.includes(".audit."))) return cases;
  const offset = [...id].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0);
  return cases.filter((one, position) => caughtBy.includes(one.id) || (position + offset) % sampling === 0);
}

/** What a mutant declares of the cases that it is tried on. */
export function declaredOf<M extends MutantFacts>(mutant: M, thoroughness: Thoroughness): M {
  if (typeof thoroughness !== "object") return mutant;
  const tried = isOneOf(thoroughness);
  return { ...mutant, caughtBy: mutant.caughtBy.filter((id) => tried({ id })) };
}

function isOneOf({ globs }: { readonly globs: readonly string[] }) {
  return ({ id }: { readonly id: string }) => globs.some((glob) => matchesGlob(id, glob));
}

/** Holds what the suite found against what the mutant declares. */
export function trialOf(
  mutant: MutantFacts,
  thoroughness: Thoroughness,
  { results, sold }: Judgement,
  reached: number,
): Trial {
  const { caughtBy } = declaredOf(mutant, thoroughness);
  const caught = results.filter(({ status }) => status === "fail" || status === "warn").map(({ id }) => id);
  const surprise = (id: string) => ({ id, told: toldBy(results.find((result) => result.id === id)) });
  return {
    mutant,
    caught,
    blind: caughtBy.filter((id) => !caught.includes(id)).map(surprise),
    // The audit ends every run, also one in which nothing was tried that could spoil it.
    coupled: caught.filter((id) => !mutant.caughtBy.includes(id)).map(surprise),
    reached,
    sold,
    errors: results.filter(({ status }) => status === "error"),
  };
}

function toldBy(result: CaseResult | undefined): string {
  if (result === undefined) return "not tried";
  return result.message === undefined ? result.status : `${result.status}: ${result.message}`;
}

/** Whether the suite sees the mutant exactly as the mutant says it must. Cases that are not about it may not reach it. */
export function isAsDeclared({ mutant, blind, coupled, reached, sold, errors }: Trial): boolean {
  const exact = blind.length === 0 && coupled.length === 0 && errors.length === 0;
  return exact && (reached > 0 || mutant.caughtBy.length === 0) && sold === !mutant.sellsNothing;
}
