import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { Problem } from "../problem.ts";
import { type Budget, spending } from "./budget.ts";
import { type Conclusion, type PaymentRecord, type Purchase, readRow } from "./payment-record.ts";
import type { SignedPayment } from "./signed-payment.ts";

/** Whether something may be signed; if not, why. */
export type Reservation =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: "over-budget" | "idempotency-conflict"; readonly message: string };

/** The buyer's memory: one record per idempotency key, written before the payment is sent. */
export interface PaymentRecords {
  /** The record of a key for which a payment was signed. */
  find(idempotencyKey: string): PaymentRecord | undefined;
  /** Takes the amount out of the budget, in one step with looking whether it is there. */
  reserve(purchase: Purchase, budget: Budget, now: number): Reservation;
  /** Notes the payment, and gives the one that counts: the first that was noted for the key. */
  signed(idempotencyKey: string, payment: SignedPayment): SignedPayment;
  /** Notes how a presentation ended. */
  conclude(idempotencyKey: string, conclusion: Conclusion): void;
  /** Forgets a purchase for which nothing was signed. */
  release(idempotencyKey: string): void;
  /** Forgets a payment that can never be taken any more. */
  void(idempotencyKey: string): void;
  /** Payments of which it is not known whether the money moved. */
  unresolved(): PaymentRecord[];
  /** May be called again. */
  close(): void;
}

const schema = `
  CREATE TABLE IF NOT EXISTS payment (
    idempotency_key TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    url TEXT NOT NULL,
    origin TEXT NOT NULL,
    amount TEXT NOT NULL,
    reserved_at INTEGER NOT NULL,
    x402_version INTEGER,
    header TEXT,
    requirements TEXT,
    money_moved TEXT NOT NULL DEFAULT 'maybe',
    outcome TEXT,
    settlement TEXT
  ) WITHOUT ROWID`;

/**
 * Opens the records in a SQLite file, which processes may share, or in memory without one. In memory, finished
 * purchases are forgotten after `keepSeconds`.
 *
 * @throws Problem `config` when the file cannot be opened or is no database
 */
export function openPaymentRecords(file?: string, keepSeconds?: number): PaymentRecords {
  const database = openDatabase(file);
  const find = database.prepare("SELECT * FROM payment WHERE idempotency_key=? AND header IS NOT NULL");
  const owner = database.prepare("SELECT fingerprint FROM payment WHERE idempotency_key=?");
  const unresolved = database.prepare(
    "SELECT * FROM payment WHERE header IS NOT NULL AND money_moved='maybe' ORDER BY reserved_at",
  );
  const insert = database.prepare(
    `INSERT INTO payment (idempotency_key, fingerprint, url, origin, amount, reserved_at) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET amount=excluded.amount, reserved_at=excluded.reserved_at WHERE header IS NULL`,
  );
  const note = database.prepare(
    "UPDATE payment SET x402_version=?, header=?, requirements=? WHERE idempotency_key=? AND header IS NULL",
  );
  const end = database.prepare(
    `UPDATE payment SET money_moved=?, outcome=?, settlement=COALESCE(?, settlement), amount=COALESCE(?, amount)
      WHERE idempotency_key=?`,
  );
  const release = database.prepare("DELETE FROM payment WHERE idempotency_key=? AND header IS NULL");
  const remove = database.prepare("DELETE FROM payment WHERE idempotency_key=?");
  const forget = database.prepare(
    "DELETE FROM payment WHERE reserved_at < ? AND outcome IS NOT NULL AND money_moved<>'maybe'",
  );
  const spent = spending(database);
  let nextSweep = 0;

  const sweep = (now: number) => {
    if (file !== undefined || keepSeconds === undefined || now < nextSweep) return;
    nextSweep = now + 60;
    forget.run(now - keepSeconds);
  };
  const read = (idempotencyKey: string) => {
    const row = find.get(idempotencyKey);
    return row && readRow(row);
  };

  return {
    find: read,
    reserve: (purchase, budget, now) => {
      sweep(now);
      const { idempotencyKey, fingerprint, url, amount } = purchase;
      return atOnce(database, () => {
        if (isOther(owner.get(idempotencyKey), fingerprint)) return conflict(idempotencyKey);
        const complaint = spent.overdrawnBy(purchase, budget, now);
        if (complaint !== undefined) return overBudget(purchase, complaint);
        insert.run(idempotencyKey, fingerprint, url, new URL(url).origin, String(amount), now);
        return { ok: true };
      });
    },
    signed: (idempotencyKey, payment) => {
      const { message, header, requirements } = payment;
      const { changes } = note.run(message.x402Version, header, JSON.stringify(requirements), idempotencyKey);
      if (changes === 1) return payment;
      const record = read(idempotencyKey);
      if (record === undefined) throw new Error("its reservation is gone");
      return record.payment;
    },
    conclude: (idempotencyKey, { moneyMoved, outcome, settlement, charged }) => {
      end.run(
        moneyMoved,
        outcome,
        settlement === undefined ? null : JSON.stringify(settlement),
        charged === undefined ? null : String(charged),
        idempotencyKey,
      );
    },
    release: (idempotencyKey) => void release.run(idempotencyKey),
    void: (idempotencyKey) => void remove.run(idempotencyKey),
    unresolved: () => unresolved.all().map(readRow),
    close: () => {
      if (database.isOpen) database.close();
    },
  };
}

function openDatabase(file = ":memory:"): DatabaseSync {
  try {
    const database = new DatabaseSync(file);
    // FULL: a payment that was sent must be found again even after the machine lost its power.
    database.exec("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    database.exec(schema);
    return database;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Problem("config", `The buyer's records cannot be kept in ${file}: ${reason}.`, "", { cause });
  }
}

function atOnce<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}

const ownerSchema = z.object({ fingerprint: z.string() }).optional();

function isOther(row: unknown, fingerprint: string): boolean {
  const owner = ownerSchema.parse(row);
  return owner !== undefined && owner.fingerprint !== fingerprint;
}

function conflict(idempotencyKey: string): Reservation {
  const message = `The idempotency key ${JSON.stringify(idempotencyKey)} belongs to another request.`;
  return { ok: false, code: "idempotency-conflict", message };
}

function overBudget({ amount }: Purchase, left: string): Reservation {
  return { ok: false, code: "over-budget", message: `The seller asks ${amount} atomic units; ${left}.` };
}
