import type { Buyer } from "#sandbox";

/** Hands out one buyer for so many purchases, then the next; each is closed once nobody uses it. */
export class BuyerRelay {
  readonly #open: () => Buyer;
  readonly #uses: number;
  #current: { readonly buyer: Buyer; uses: number; users: number } | undefined;

  constructor(open: () => Buyer, uses: number) {
    this.#open = open;
    this.#uses = uses;
  }

  async use<T>(work: (buyer: Buyer) => Promise<T>): Promise<T> {
    const one = this.#current ?? { buyer: this.#open(), uses: 0, users: 0 };
    one.uses += 1;
    one.users += 1;
    this.#current = one.uses < this.#uses ? one : undefined;
    try {
      return await work(one.buyer);
    } finally {
      one.users -= 1;
      if (one.users === 0 && one !== this.#current) one.buyer.close();
    }
  }

  close(): void {
    this.#current?.buyer.close();
  }
}
