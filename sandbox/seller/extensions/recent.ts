/** How long and how many values are kept. */
export interface RecentLimits {
  readonly seconds: number;
  readonly entries: number;
  /** The time in Unix seconds. */
  readonly now?: () => number;
}

/** Values that are kept for a while, in memory: each for the same time, and when there are too many the oldest go. */
export class Recent<V> {
  readonly #entries = new Map<string, { readonly value: V; readonly forgetAt: number }>();
  readonly #limits: RecentLimits;
  readonly #now: () => number;

  constructor(limits: RecentLimits) {
    this.#limits = limits;
    this.#now = limits.now ?? (() => Math.floor(Date.now() / 1000));
  }

  /** How many values are kept. */
  get size(): number {
    return this.#entries.size;
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.forgetAt > this.#now() ? entry.value : undefined;
  }

  /** Keeps `value` from now on, in place of what was kept under `key`. */
  set(key: string, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, forgetAt: this.#now() + this.#limits.seconds });
    this.#sweep();
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  /** The oldest are first in the map, and the first to end. */
  #sweep(): void {
    const now = this.#now();
    for (const [key, { forgetAt }] of this.#entries) {
      if (forgetAt > now && this.#entries.size <= this.#limits.entries) return;
      this.#entries.delete(key);
    }
  }
}
