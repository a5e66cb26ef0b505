/** How long to wait for a first payment: somebody may have to look at the price and confirm it. In milliseconds. */
const forTheFirst = 60_000;

/** The least that is waited, for clients that never pause. */
const atLeast = 1_500;

/** How much longer than ever before the next pause may be. */
const margin = 3;

/**
 * How long a client that nobody can ask may be silent before it counts as done. A program pays at once, a person or an
 * agent thinks for a while; what one took before the payment of any errand, it may take again.
 */
export class Patience {
  #longestPause: number | undefined;

  get milliseconds(): number {
    if (this.#longestPause === undefined) return forTheFirst;
    return Math.max(atLeast, margin * this.#longestPause);
  }

  /** So long, in milliseconds, the client took between two requests of one errand. */
  sawPause(milliseconds: number): void {
    this.#longestPause = Math.max(this.#longestPause ?? 0, milliseconds);
  }
}
