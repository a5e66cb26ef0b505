import { type Ending, isGood } from "./agent.ts";
import type { Outcome } from "./report.ts";

/** Counts how purchases end. */
export class Tally {
  readonly #outcomes = new Map<string, Outcome>();
  readonly #byAgent = new Map<string, { good: number; other: number }>();
  /** Purchases that came to what they were meant to, and all others. */
  good = 0;
  other = 0;

  count(agent: string, ending: Ending): void {
    const { kind, detail } = ending;
    this.#outcomes.set(kind, added(this.#outcomes.get(kind), { kind, count: 1, example: detail }));
    const counts = this.of(agent);
    if (isGood(ending)) {
      counts.good += 1;
      this.good += 1;
    } else {
      counts.other += 1;
      this.other += 1;
    }
  }

  /** How the purchases of an agent ended. */
  of(agent: string): { good: number; other: number } {
    const counts = this.#byAgent.get(agent) ?? { good: 0, other: 0 };
    this.#byAgent.set(agent, counts);
    return counts;
  }

  outcomes(): Outcome[] {
    return mostFrequentFirst(this.#outcomes);
  }
}

/** The outcomes of several runs as one. */
export function addOutcomes(all: readonly (readonly Outcome[])[]): Outcome[] {
  const sums = new Map<string, Outcome>();
  for (const outcome of all.flat()) sums.set(outcome.kind, added(sums.get(outcome.kind), outcome));
  return mostFrequentFirst(sums);
}

function added(sum: Outcome | undefined, { kind, count, example = sum?.example }: Outcome): Outcome {
  return { kind, count: (sum?.count ?? 0) + count, ...(example === undefined ? {} : { example }) };
}

function mostFrequentFirst(outcomes: ReadonlyMap<string, Outcome>): Outcome[] {
  return [...outcomes.values()].sort((one, other) => other.count - one.count);
}
