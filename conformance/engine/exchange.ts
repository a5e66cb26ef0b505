import type { LedgerPoint, Transfer } from "#sandbox";
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
  /** Where the chain was when the first byte of the body arrived, if the exchange watched for it. */
  readonly firstByteAt?: LedgerPoint | undefined;
  /** How often the paid handler ran for this request, as far as the subject reports it. */
  readonly workRuns: () => Promise<number>;
  /** The run's first sale in that version: what an honest buyer gets. */
  readonly sale: () => Promise<Sale>;
}

/** Holds an observation against a rule; throws a Finding when it is broken. */
export type Check<O = Observed> = (observed: O) => void | Promise<void>;

/**
 * One request that a case is about to make, with what is expected of it. Nothing is sent before {@link done}; the
 * expectations are then checked in order, and the first that does not hold ends the case.
 */
export class Exchange<O = Observed> {
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
    for (const check of this.#checks) await check(observed);
    return observed;
  }
}

/** Holds several observations against a rule; throws a Finding when it is broken. */
export type GroupCheck<O = Observed> = (all: readonly O[]) => void | Promise<void>;

/** Several requests that are sent at the same time. */
export class ExchangeGroup<O = Observed> {
  readonly #perform: () => Promise<readonly O[]>;
  readonly #checks: GroupCheck<O>[] = [];

  constructor(perform: () => Promise<readonly O[]>) {
    this.#perform = perform;
  }

  /** Adds expectations. */
  expect(...checks: readonly GroupCheck<O>[]): this {
    this.#checks.push(...checks);
    return this;
  }

  async done(): Promise<readonly O[]> {
    const all = await this.#perform();
    for (const check of this.#checks) await check(all);
    return all;
  }
}
