import { DatabaseSync } from "node:sqlite";
import { type Hash, type Hex, isHex } from "viem";
import { z } from "zod";
import { Problem } from "../problem.ts";
import { type ErrorReason, errorReasons } from "../protocol/index.ts";
import type { AuthorizationKey, Payment } from "./payment.ts";

/** A transaction that was signed; it is recorded before it is sent. */
export interface SignedTransaction {
  readonly hash: Hash;
  /** The signed transaction itself, so that the very same one can be sent again. */
  readonly raw: Hex;
  /** Transaction count of the facilitator's account that it uses up. */
  readonly accountNonce: number;
}

/** How far the settlement of an authorization has come. */
export type SettlementState =
  /** Checked, a transaction is about to be signed. */
  | { readonly state: "claimed" }
  /** Signed and sent, or about to be; the outcome is not known. */
  | { readonly state: "broadcast"; readonly transaction: SignedTransaction }
  /** The transaction was mined. Should the chain lose it again, the very same one can be sent again. */
  | { readonly state: "settled"; readonly transaction: SignedTransaction }
  /** The transaction reached the chain and moved nothing. */
  | { readonly state: "failed"; readonly hash: Hash; readonly code: ErrorReason; readonly message: string };

/** What is remembered of an authorization. The fingerprint tells the same payment from another with its nonce. */
export type SettlementRecord = SettlementState & { readonly fingerprint: string };

/** The facilitator's memory: one record per authorization, written before each step is taken. */
export interface SettlementRecords {
  find(key: AuthorizationKey): SettlementRecord | undefined;
  /** Notes that a payment is about to be settled. */
  claim(payment: Payment): void;
  /** Notes the transaction that will settle it. */
  broadcast(payment: Payment, transaction: SignedTransaction): void;
  settled(payment: Payment): void;
  failed(payment: Payment, hash: Hash, code: ErrorReason, message: string): void;
  /** Forgets an attempt that never reached the chain. */
  release(payment: Payment): void;
  close(): void;
}

const schema = `
  CREATE TABLE IF NOT EXISTS sent_transaction (
    hash TEXT PRIMARY KEY,
    raw TEXT NOT NULL,
    account_nonce INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS settlement (
    network TEXT NOT NULL,
    asset TEXT NOT NULL,
    payer TEXT NOT NULL,
    nonce TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    state TEXT NOT NULL,
    hash TEXT,
    code TEXT,
    message TEXT,
    PRIMARY KEY (network, asset, payer, nonce)
  ) WITHOUT ROWID`;

/**
 * Opens the records in a SQLite file. Without one they last as long as they are open, and take no memory: SQLite
 * keeps them in a file without a name.
 *
 * @throws Problem `config` when the file cannot be opened or is no database
 */
export function openRecords(file = temporary): SettlementRecords {
  const database = openDatabase(file);
  const find = database.prepare(
    `SELECT * FROM settlement LEFT JOIN sent_transaction USING (hash)
      WHERE network=? AND asset=? AND payer=? AND nonce=?`,
  );
  const remove = database.prepare(
    "DELETE FROM settlement WHERE network=? AND asset=? AND payer=? AND nonce=?",
  );
  const settle = database.prepare(
    "UPDATE settlement SET state='settled' WHERE network=? AND asset=? AND payer=? AND nonce=?",
  );
  const write = database.prepare(
    `INSERT OR REPLACE INTO settlement
      (network, asset, payer, nonce, fingerprint, state, hash, code, message)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const keep = database.prepare(
    "INSERT OR IGNORE INTO sent_transaction (hash, raw, account_nonce) VALUES (?, ?, ?)",
  );
  let kept: SignedTransaction | undefined;

  /** Payments that share a transaction come one after the other. */
  const keepOnce = (transaction: SignedTransaction) => {
    if (transaction === kept) return;
    kept = transaction;
    keep.run(transaction.hash, transaction.raw, transaction.accountNonce);
  };

  const put = (payment: Payment, state: SettlementState["state"], columns: Columns = {}) => {
    const { hash = null, code = null, message = null } = columns;
    write.run(...identity(payment.key), payment.fingerprint, state, hash, code, message);
  };

  return {
    find: (key) => {
      const row = find.get(...identity(key));
      return row && readRow(row);
    },
    claim: (payment) => put(payment, "claimed"),
    broadcast: (payment, transaction) => {
      keepOnce(transaction);
      put(payment, "broadcast", { hash: transaction.hash });
    },
    settled: (payment) => {
      settle.run(...identity(payment.key));
    },
    failed: (payment, hash, code, message) => put(payment, "failed", { hash, code, message }),
    release: (payment) => {
      remove.run(...identity(payment.key));
    },
    close: () => database.close(),
  };
}

/** SQLite's name for a database that ends when it is closed, and lies on disk when it is large. */
const temporary = "";

interface Columns {
  readonly hash?: Hash;
  readonly code?: ErrorReason;
  readonly message?: string;
}

function openDatabase(file: string): DatabaseSync {
  try {
    const database = new DatabaseSync(file);
    // Nothing of a temporary one outlives a crash, so its journal need not either.
    const journal = file === temporary ? "MEMORY" : "WAL";
    database.exec(`PRAGMA journal_mode = ${journal}; PRAGMA synchronous = NORMAL;`);
    database.exec(schema);
    // A claim has no transaction yet: it died with the process that made it.
    database.exec("DELETE FROM settlement WHERE state = 'claimed'");
    return database;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Problem("config", `The facilitator's records cannot be kept in ${file}: ${reason}.`, "", {
      cause,
    });
  }
}

function identity({ network, asset, from, nonce }: AuthorizationKey): [string, string, string, string] {
  return [network, asset, from, nonce];
}

const hexColumn = z.custom<Hex>((value) => isHex(value), "expected hex");
const errorReasonColumn = z.custom<ErrorReason>(
  (value) => typeof value === "string" && Object.hasOwn(errorReasons, value),
);

const rowSchema = z.discriminatedUnion("state", [
  z.object({ state: z.literal("claimed"), fingerprint: z.string() }),
  z.object({
    state: z.enum(["broadcast", "settled"]),
    fingerprint: z.string(),
    hash: hexColumn,
    raw: hexColumn,
    account_nonce: z.number(),
  }),
  z.object({
    state: z.literal("failed"),
    fingerprint: z.string(),
    hash: hexColumn,
    code: errorReasonColumn,
    message: z.string(),
  }),
]);

function readRow(row: unknown): SettlementRecord {
  const record = rowSchema.parse(row);
  if (record.state === "claimed" || record.state === "failed") return record;
  const { state, fingerprint, hash, raw, account_nonce: accountNonce } = record;
  return { state, fingerprint, transaction: { hash, raw, accountNonce } };
}
