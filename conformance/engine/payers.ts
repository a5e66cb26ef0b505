import type { Address, LocalAccount } from "viem";
import { keyAccount, payerKey } from "#sandbox";
import type { AdminClient } from "./admin-client.ts";

/** USDC that a payer starts with, in atomic units: a billion dollars, whatever the seller asks. */
export const startingFunds = 1_000_000_000_000_000n;

/** What a payer who is none of the run's own gets: one account may pay in all cases. */
const strangersFunds = 1_000n * startingFunds;

/** Deriving an account takes as long as signing does, and the zoo needs the same ones for each of its subjects. */
const derived = new Map<string, LocalAccount>();

/** The payers of a run: one for each label, reproducible from the run's seed. */
export class Payers {
  readonly #admin: Pick<AdminClient, "fund">;
  readonly #seed: string;
  readonly #funded = new Map<string, Promise<void>>();
  readonly #strangers = new Map<Address, Promise<void>>();
  #expected: readonly string[];

  /** `expected` are labels whose payers are funded in one go as soon as any payer is. */
  constructor(admin: Pick<AdminClient, "fund">, seed: string, expected: readonly string[]) {
    this.#admin = admin;
    this.#seed = seed;
    this.#expected = expected;
  }

  of(label: string): LocalAccount {
    const key = payerKey(this.#seed, label);
    const account = derived.get(key) ?? keyAccount(key);
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
  /**
   * Gives somebody who pays with a key of their own more than everything costs, once: money that comes while the
   * account pays elsewhere would run out of the gas that was estimated before.
   */
  fundStranger(stranger: Address): Promise<void> {
    const funded = this.#strangers.get(stranger) ?? this.#admin.fund([stranger], strangersFunds);
    this.#strangers.set(stranger, funded);
    return funded;
  }
}
