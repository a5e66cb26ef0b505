import { setTimeout as delay } from "node:timers/promises";
import { type Address, getAddress, type Hash, type Hex, isAddressEqual } from "viem";
import type { Ledger, Transfer } from "#sandbox";
import type { Audit, Difference } from "./audit.ts";

/** A payment as it was signed. */
export interface SignedPayment {
  readonly payer: Address;
  readonly payTo: Address;
  /** Atomic units. */
  readonly amount: bigint;
  readonly nonce: Hex;
}

/** What came of a payment, as its buyer saw it. */
export interface Conclusion {
  /** How it ended, in a word or a sentence, for the examples. */
  readonly outcome: string;
  readonly delivered: boolean;
  /** The seller's receipt says that it was settled. */
  readonly receipt: boolean;
  /** The buyer cannot tell whether the money moved, or still will. */
  readonly inDoubt: boolean;
}

interface Entry extends SignedPayment {
  conclusion: Conclusion | undefined;
  /** The transaction that settled it, as signed. */
  settledIn: Hash | undefined;
}

/** Entries from which on the chain is read in between, so that what is settled need not be kept. */
const manyEntries = 5_000;

/** How often the chain is asked again while something is open at the end, in milliseconds. */
const pollingInterval = 100;

/** Examples that are kept of each difference. */
const examplesKept = 5;

/**
 * Holds every payment of some payers against the chain. Nothing of what the seller says is believed: a payment is
 * settled when its authorization was spent in a transaction that moved exactly what was signed to exactly whom.
 * Payments that were delivered and settled are counted and forgotten.
 */
export class Books {
  readonly #ledger: Ledger;
  readonly #payers: readonly Address[];
  readonly #openingBalances: readonly bigint[];
  readonly #entries = new Map<string, Entry>();
  readonly #unexplained: Transfer[] = [];
  #read: bigint;
  #reading: Promise<void> | undefined;
  #deliveries = 0;
  #owed = 0n;
  #transfers = 0;
  #transferred = 0n;

  /** Opens the books on payers that are funded already; nobody else may use them. */
  static async open(ledger: Ledger, payers: readonly Address[]): Promise<Books> {
    const opening = await ledger.now();
    return new Books(ledger, payers, opening, await balancesOf(ledger, payers, opening));
  }

  private constructor(
    ledger: Ledger,
    payers: readonly Address[],
    opening: bigint,
    openingBalances: readonly bigint[],
  ) {
    this.#ledger = ledger;
    this.#payers = payers;
    this.#read = opening;
    this.#openingBalances = openingBalances;
  }

  /** Notes a payment; to be called before it leaves. */
  signed(payment: SignedPayment): void {
    this.#entries.set(keyOf(payment.payer, payment.nonce), {
      ...payment,
      conclusion: undefined,
      settledIn: undefined,
    });
  }

  /** Notes what came of a payment. */
  concluded({ payer, nonce }: Pick<SignedPayment, "payer" | "nonce">, conclusion: Conclusion): void {
    const key = keyOf(payer, nonce);
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    entry.conclusion = conclusion;
    if (conclusion.delivered) {
      this.#deliveries += 1;
      this.#owed += entry.amount;
    }
    this.#forgetIfDone(key, entry);
    // If the chain cannot be read now, the end says so.
    if (this.#entries.size >= manyEntries)
      this.#reading ??= this.#readOn()
        .catch(() => undefined)
        .finally(() => {
          this.#reading = undefined;
        });
  }

  /**
   * Closes the books once everything that may still happen has happened, `graceMs` at the latest, and says how they
   * stand.
   */
  async close(graceMs: number): Promise<Audit> {
    const deadline = performance.now() + graceMs;
    await this.#reading;
    await this.#readOn();
    while (this.#isOpen() && performance.now() < deadline) {
      await delay(pollingInterval);
      await this.#readOn();
    }
    const closing = await balancesOf(this.#ledger, this.#payers, this.#read);
    return this.#audit(sum(this.#openingBalances) - sum(closing));
  }

  /** Whether a settlement may still come. */
  #isOpen(): boolean {
    return [...this.#entries.values()].some(
      ({ conclusion, settledIn }) =>
        settledIn === undefined && (conclusion?.delivered === true || conclusion?.inDoubt !== false),
    );
  }

  /** Reads what happened on the chain since it was read last. */
  async #readOn(): Promise<void> {
    const span = { after: this.#read, until: await this.#ledger.now() };
    if (span.until > span.after) {
      const [spent, transfers] = await Promise.all([
        this.#ledger.authorizationsUsedBy(this.#payers, span),
        this.#ledger.transfersFrom(this.#payers, span),
      ]);
      const byTransaction = Map.groupBy(transfers, ({ transaction }) => transaction);
      for (const { authorizer, nonce, transaction } of spent)
        this.#settle(keyOf(authorizer, nonce), byTransaction.get(transaction) ?? []);
      for (const { value } of transfers) this.#transferred += value;
      this.#transfers += transfers.length;
      for (const transfer of [...byTransaction.values()].flat()) this.#unexplained.push(transfer);
      this.#read = span.until;
    }
  }

  /** Takes the transfer that an authorization explains out of those of its transaction. */
  #settle(key: string, transfers: Transfer[]): void {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.settledIn !== undefined) return;
    const position = transfers.findIndex(
      ({ from, to, value }) =>
        value === entry.amount && isAddressEqual(from, entry.payer) && isAddressEqual(to, entry.payTo),
    );
    const [transfer] = position === -1 ? [] : transfers.splice(position, 1);
    if (transfer === undefined) return;
    entry.settledIn = transfer.transaction;
    this.#forgetIfDone(key, entry);
  }

  #forgetIfDone(key: string, { conclusion, settledIn }: Entry): void {
    if (conclusion?.delivered === true && settledIn !== undefined) this.#entries.delete(key);
  }

  #audit(spent: bigint): Audit {
    const left = [...this.#entries.values()];
    const unpaid = left.filter(
      ({ conclusion, settledIn }) => conclusion?.delivered && settledIn === undefined,
    );
    const charged = left.filter(
      ({ conclusion, settledIn }) => !conclusion?.delivered && settledIn !== undefined,
    );
    const receipted = charged.filter(({ conclusion }) => conclusion?.receipt);
    const bare = charged.filter(({ conclusion }) => !conclusion?.receipt);
    const aside = spent - this.#transferred;
    const differences = [
      difference(
        "delivered-unsettled",
        unpaid.map(({ amount }) => amount),
        unpaid.map(nonceLine),
      ),
      difference(
        "settled-undelivered",
        bare.map(({ amount }) => amount),
        bare.map(transactionLine),
      ),
      difference(
        "settled-receipt-only",
        receipted.map(({ amount }) => amount),
        receipted.map(transactionLine),
      ),
      difference(
        "transfer-unexplained",
        this.#unexplained.map(({ value }) => value),
        this.#unexplained.map(
          ({ from, to, value, transaction }) => `${value} from ${from} to ${to} in ${transaction}`,
        ),
      ),
      difference("spent-without-transfer", aside === 0n ? [] : [aside], []),
    ];
    return {
      deliveries: this.#deliveries,
      transfers: this.#transfers,
      owed: String(this.#owed),
      transferred: String(this.#transferred),
      spent: String(spent),
      differences: differences.filter(({ count }) => count > 0),
    };
  }
}

function difference(
  kind: Difference["kind"],
  amounts: readonly bigint[],
  examples: readonly string[],
): Difference {
  return {
    kind,
    count: amounts.length,
    amount: String(sum(amounts)),
    examples: examples.slice(0, examplesKept),
  };
}

function nonceLine({ payer, nonce }: SignedPayment): string {
  return `nonce ${nonce} of ${payer}`;
}

function transactionLine({ payer, settledIn, conclusion }: Entry): string {
  return `${settledIn} from ${payer}: ${conclusion?.outcome ?? "no answer"}`;
}

function keyOf(payer: Address, nonce: Hex): string {
  return `${getAddress(payer)} ${nonce.toLowerCase()}`;
}

function balancesOf(ledger: Ledger, payers: readonly Address[], at: bigint): Promise<bigint[]> {
  return Promise.all(payers.map((payer) => ledger.balanceOf(payer, at)));
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}
