import { Unproven } from "./finding.ts";
import { startingFunds } from "./payers.ts";

/**
 * The money that a run may sign for in all, in atomic units; any without a budget. An authorization over more than any
 * payer of the run holds costs nothing: no chain can move it.
 */
export class Purse {
  readonly #budget: bigint | undefined;
  #signed = 0n;

  constructor(budget: string | undefined) {
    this.#budget = budget === undefined ? undefined : BigInt(budget);
  }

  /**
   * Counts an authorization that is about to be signed.
   *
   * @throws Unproven when it would go beyond the budget: nothing is signed then
   */
  take(value: bigint): void {
    if (value > startingFunds) return;
    if (this.#budget !== undefined && this.#signed + value > this.#budget) {
      throw new Unproven(
        `The run's budget of ${this.#budget} does not allow to sign ${value} more: ${this.#signed} are signed. --budget allows more.`,
      );
    }
    this.#signed += value;
  }
}
