import type { Goods } from "./exchange.ts";

/** Which payment is claimed, and by what. */
export interface ClaimRequest {
  /** Names the authorization: network, asset, payer and nonce. */
  readonly authorization: string;
  /** Names the payment and the request it was made for: only the same of both may come again. */
  readonly purchase: string;
  /** When the authorization ends, in Unix seconds. */
  readonly validBefore: bigint;
}

/** The right to use a payment. Whoever holds it says how it ended, once. */
export interface Claim {
  /** Nothing was charged: the payment may be used again. */
  release(): void;
  /** The payment is spent. */
  settled(): void;
  /** Whether it was charged is not known: the same purchase may come again for `goods`. */
  unresolved(goods: Goods): void;
}

/** The answer to a claim. `resumed` holds the goods of an earlier attempt whose settlement is still open. */
export type ClaimOutcome =
  | { readonly kind: "granted"; readonly claim: Claim }
  | { readonly kind: "resumed"; readonly claim: Claim; readonly goods: Goods }
  | { readonly kind: "in-progress" }
  | { readonly kind: "spent" };

type ClaimState =
  | { readonly kind: "in-progress" }
  | { readonly kind: "settled" }
  | { readonly kind: "unresolved"; readonly purchase: string; readonly goods: Goods };

interface Entry {
  state: ClaimState;
  readonly forgetAfter: bigint;
}

/** Seconds that an entry outlives its authorization: the chain's clock may lag, and a pending transfer may resolve late. */
const graceSeconds = 600n;
const sweepEverySeconds = 60;

/** The payments in use, in memory: each authorization is used by one request at a time, and settled once. */
export class ClaimBook {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => number;
  #nextSweep = 0;

  /** @param now the time in Unix seconds */
  constructor(now: () => number = () => Math.floor(Date.now() / 1000)) {
    this.#now = now;
  }

  /** How many payments are remembered. */
  get size(): number {
    return this.#entries.size;
  }

  /** Claims a payment; synchronous, so that of parallel requests one wins. */
  take(request: ClaimRequest): ClaimOutcome {
    this.#sweep();
    const entry = this.#entries.get(request.authorization);
    if (entry === undefined) return { kind: "granted", claim: this.#open(request) };
    const { state } = entry;
    if (state.kind === "in-progress") return { kind: "in-progress" };
    if (state.kind === "settled" || state.purchase !== request.purchase) return { kind: "spent" };
    return { kind: "resumed", claim: this.#open(request), goods: state.goods };
  }

  #open({ authorization, purchase, validBefore }: ClaimRequest): Claim {
    const entry: Entry = { state: { kind: "in-progress" }, forgetAfter: validBefore + graceSeconds };
    this.#entries.set(authorization, entry);
    return {
      release: () => this.#entries.delete(authorization),
      settled: () => {
        entry.state = { kind: "settled" };
      },
      unresolved: (goods) => {
        entry.state = { kind: "unresolved", purchase, goods };
      },
    };
  }

  #sweep(): void {
    const now = this.#now();
    if (now < this.#nextSweep) return;
    this.#nextSweep = now + sweepEverySeconds;
    for (const [authorization, { state, forgetAfter }] of this.#entries) {
      if (state.kind !== "in-progress" && forgetAfter < BigInt(now)) this.#entries.delete(authorization);
    }
  }
}
