import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { payerKey } from "#sandbox";
import type { AdminClient } from "./admin-client.ts";

/** USDC that a payer starts with, in atomic units: a billion dollars, whatever the seller asks. */
export const startingFunds = 1_000_000_000_000_000n;

/** Deriving an account takes as long as signing does, and the zoo needs the same ones for each of its subjects. */
const derived = new Map<string, PrivateKeyAccount>();

/** The payers of a run: one for each label, reproducible from the run's seed. */
export class Payers {
  readonly #admin: Pick<AdminClient, "fund">;
  readonly #seed: string;
  readonly #funded = new Map<string, Promise<void>>();
  #expected: readonly string[];

  /** `expected` are labels whose payers are funded in one go as soon as any payer is. */
  constructor(admin: Pick<AdminClient, "fund">, seed: string, expected: readonly string[]) {
    this.#admin = admin;
    this.#seed = seed;
    this.#expected = expected;
  }

  of(label: string): PrivateKeyAccount {
    const key = payerKey(this.#seed, label);
    const account = derived.get(key) ?? privateKeyToAccount(key);
    derived.set(key, account);
    return account;
  }

  /** Gives a payer what it starts with, once; resolves when it is mined. */
  fund(label: string): Promise<void> {
    const earlier = this.#funded.get(label);
    if (earlier !== undefined) return earlier;
    const labels = [...new Set([label, ...this.#expected])];
    this.#expected = [];
    const funded = this.#admin.fund(
      labels.map((each) => this.of(each).address),
      startingFunds,
    );
    for (const each of labels) this.#funded.set(each, funded);
    return funded;
  }
}
