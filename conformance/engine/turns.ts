/** Somebody who does something beside others. */
interface Companion {
  hasMet: boolean;
}

/** Lets some things happen beside each other, and others alone, as soon as nothing else can. */
export class Turns {
  readonly #lanes: number;
  readonly #company = new Set<Companion>();
  readonly #queue: (() => void)[] = [];
  readonly #queueAlone: (() => void)[] = [];
  readonly #queueLast: (() => void)[] = [];
  #isAlone = false;

  /** @param lanes how many may do something beside each other at a time */
  constructor(lanes = Number.POSITIVE_INFINITY) {
    this.#lanes = lanes;
  }

  /** Does something beside others; says whether there were any. */
  async beside<T>(what: () => Promise<T>): Promise<{ readonly outcome: T; readonly hadCompany: boolean }> {
    const own: Companion = { hasMet: false };
    await this.#turnIn(this.#queue, () => this.#join(own));
    try {
      return { outcome: await what(), hadCompany: own.hasMet };
    } finally {
      this.#company.delete(own);
      this.#admit();
    }
  }

  /** Does something while nothing else happens; `last`, when nobody else waits for anything. */
  async alone<T>(what: () => Promise<T>, { last = false } = {}): Promise<T> {
    await this.#turnIn(last ? this.#queueLast : this.#queueAlone, () => {
      this.#isAlone = true;
    });
    try {
      return await what();
    } finally {
      this.#isAlone = false;
      this.#admit();
    }
  }

  #join(own: Companion): void {
    own.hasMet = this.#company.size > 0;
    for (const other of this.#company) other.hasMet = true;
    this.#company.add(own);
  }

  #turnIn(queue: (() => void)[], begin: () => void): Promise<void> {
    return new Promise((resolve) => {
      queue.push(() => {
        begin();
        resolve();
      });
      this.#admit();
    });
  }

  /** Who waits to be alone lets go first whoever does not: it is alone only when the lanes are empty. */
  #admit(): void {
    while (!this.#isAlone && this.#queue.length > 0 && this.#company.size < this.#lanes)
      this.#queue.shift()?.();
    if (!this.#isAlone && this.#company.size === 0) (this.#queueAlone.shift() ?? this.#queueLast.shift())?.();
  }
}
