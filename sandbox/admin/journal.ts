import type { Address } from "viem";

/** One call that a seller made to the facilitator. */
export interface JournalEntry {
  readonly endpoint: "verify" | "settle" | "supported";
  /** When it came in, Unix milliseconds with fractions. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly payer?: Address | undefined;
  readonly request: unknown;
  readonly response: unknown;
  /** Name of the fault that bit this call, if any. */
  readonly fault?: string | undefined;
}

/** One run of a paid handler. */
export interface PaidWork {
  /** The buyer's `X-Request-Id`, by which a run of the handler is told from others. */
  readonly requestId?: string | undefined;
  readonly route?: string | undefined;
}

/** Newest entries kept unless told otherwise; a sandbox may run for days. */
const usualCapacity = 10_000;

/** What happened in the sandbox, oldest first; the oldest entries are forgotten. */
export class Journal {
  readonly #exchanges: JournalEntry[] = [];
  readonly #work: PaidWork[] = [];
  readonly #capacity: number;

  constructor(capacity = usualCapacity) {
    this.#capacity = capacity;
  }

  recordExchange(exchange: JournalEntry): void {
    keep(this.#exchanges, exchange, this.#capacity);
  }

  recordWork(work: PaidWork): void {
    keep(this.#work, work, this.#capacity);
  }

  /** Calls of the facilitator, of one payer or of all. */
  exchanges(payer?: Address): JournalEntry[] {
    if (payer === undefined) return [...this.#exchanges];
    return this.#exchanges.filter((exchange) => exchange.payer?.toLowerCase() === payer.toLowerCase());
  }

  /** Runs of paid handlers, of one request or of all. */
  work(requestId?: string): PaidWork[] {
    return requestId === undefined
      ? [...this.#work]
      : this.#work.filter((work) => work.requestId === requestId);
  }
}

function keep<T>(entries: T[], entry: T, capacity: number): void {
  entries.push(entry);
  if (entries.length > capacity) entries.shift();
}
