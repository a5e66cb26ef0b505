import type { Transfer } from "#sandbox";
import type { WireAnswer, WireRequest } from "../oracles/wire/index.ts";
import type { Dialect } from "./dialect.ts";
import type { Payment } from "./payment.ts";
import type { Sale } from "./sale.ts";

/** One request, its answer, and what the chain says happened meanwhile. */
export interface Observed {
  readonly request: WireRequest;
  readonly answer: WireAnswer;
  /** The version that the buyer spoke. */
  readonly dialect: Dialect;
  /** The payment that was sent along, if any. */
  readonly payment?: Payment | undefined;
  /** The payer's transfers since the request was sent, as the chain has them now. */
  readonly transfers: () => Promise<readonly Transfer[]>;
  /** How often the paid handler ran for this request, as far as the subject reports it. */
  readonly workRuns: () => Promise<number>;
  /** The run's first sale in that version: what an honest buyer gets. */
  readonly sale: () => Promise<Sale>;
}

/** Holds an observation against a rule; throws a Finding when it is broken. */
export type Check = (observed: Observed) => void | Promise<void>;

/**
 * One request that a case is about to make, with what is expected of it. Nothing is sent before {@link done}; the
 * expectations are then checked in order, and the first that does not hold ends the case.
 */
export class Exchange {
  readonly #perform: () => Promise<Observed>;
  readonly #checks: Check[] = [];

  constructor(perform: () => Promise<Observed>) {
    this.#perform = perform;
  }

  /** Adds expectations. */
  expect(...checks: readonly Check[]): this {
    this.#checks.push(...checks);
    return this;
  }

  /** Adds an expectation before all others: a condition without which they say nothing. */
  given(check: Check): this {
    this.#checks.unshift(check);
    return this;
  }

  /** Sends the request and checks every expectation. */
  async done(): Promise<Observed> {
    const observed = await this.#perform();
    for (const check of this.#checks) await check(observed);
    return observed;
  }
}

/** Holds several observations against a rule; throws a Finding when it is broken. */
export type GroupCheck = (all: readonly Observed[]) => void | Promise<void>;

/** Several requests that are sent at the same time. */
export class ExchangeGroup {
  readonly #perform: () => Promise<readonly Observed[]>;
  readonly #checks: GroupCheck[] = [];

  constructor(perform: () => Promise<readonly Observed[]>) {
    this.#perform = perform;
  }

  /** Adds expectations. */
  expect(...checks: readonly GroupCheck[]): this {
    this.#checks.push(...checks);
    return this;
  }

  async done(): Promise<readonly Observed[]> {
    const all = await this.#perform();
    for (const check of this.#checks) await check(all);
    return all;
  }
}
