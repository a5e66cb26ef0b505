import { Difference } from "./finding.ts";

/** Holds an observation against a rule; throws a Finding when it is broken. */
export type Check<O> = (observed: O) => void | Promise<void>;

/**
 * One request that a case is about to make, with what is expected of it. Nothing is sent before {@link done}; the
 * expectations are then checked in order, and the first that does not hold ends the case.
 */
export class Exchange<O> {
  readonly #perform: () => Promise<O>;
  readonly #checks: Check<O>[] = [];

  constructor(perform: () => Promise<O>) {
    this.#perform = perform;
  }

  /** Adds expectations. */
  expect(...checks: readonly Check<O>[]): this {
    this.#checks.push(...checks);
    return this;
  }

  /** Adds an expectation before all others: a condition without which they say nothing. */
  given(check: Check<O>): this {
    this.#checks.unshift(check);
    return this;
  }

  /** Sends the request and checks every expectation. */
  async done(): Promise<O> {
    const observed = await this.#perform();
    await holdAgainst(observed, this.#checks);
    return observed;
  }
}

/**
 * Checks in order. The first that does not hold ends it, but for a difference, which only warns: it is told when nothing
 * worse is found.
 */
export async function holdAgainst<O>(observed: O, checks: readonly Check<O>[]): Promise<void> {
  let difference: Difference | undefined;
  for (const check of checks) {
    try {
      await check(observed);
    } catch (error) {
      if (!(error instanceof Difference)) throw error;
      difference ??= error;
    }
  }
  if (difference !== undefined) throw difference;
}
