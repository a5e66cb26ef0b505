import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { Problem } from "../problem.ts";
import {
  parseExactEvmPayload,
  paymentRequirementsSchema,
  type SettleResponse,
  settleResponseSchema,
} from "../protocol/index.ts";
import { dialectOf } from "./dialects.ts";
import type { MoneyMoved, PaymentErrorCode } from "./payment-errors.ts";
import type { SignedPayment } from "./signed-payment.ts";

/** A purchase for which something is about to be signed. */
export interface Purchase {
  readonly idempotencyKey: string;
  /** Digest of the request. */
  readonly fingerprint: string;
  readonly url: string;
  /** Atomic units. */
  readonly amount: bigint;
}

/** The most that may be signed, in atomic units. */
export interface Budget {
  readonly perOrigin?: bigint | undefined;
  readonly perWindow?: { readonly amount: bigint; readonly seconds: number } | undefined;
}

/** What is remembered of a purchase from before its payment left the machine. */
export interface PaymentRecord extends Purchase {
  readonly payment: SignedPayment;
  /** `maybe` from the moment it was signed; then as the seller answered. */
  readonly moneyMoved: MoneyMoved;
  /** How the last presentation ended; absent when none ended: the process died, or it is under way. */
  readonly outcome?: string | undefined;
  readonly settlement?: SettleResponse | undefined;
}

/** How a presentation ended. */
export interface Conclusion {
  readonly moneyMoved: MoneyMoved;
  readonly outcome: "delivered" | PaymentErrorCode;
  readonly settlement: SettleResponse | undefined;
}

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
    "UPDATE payment SET money_moved=?, outcome=?, settlement=COALESCE(?, settlement) WHERE idempotency_key=?",
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
      note.run(message.x402Version, header, JSON.stringify(requirements), idempotencyKey);
      const record = read(idempotencyKey);
      if (record === undefined) throw new Error("its reservation is gone");
      return record.payment;
    },
    conclude: (idempotencyKey, { moneyMoved, outcome, settlement }) => {
      end.run(
        moneyMoved,
        outcome,
        settlement === undefined ? null : JSON.stringify(settlement),
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

const amountsSchema = z.array(z.object({ amount: z.string() }));

/** What was signed so far. A refused payment counts too: it stays spendable, and only the chain knows. */
function spending(database: DatabaseSync) {
  const perOrigin = database.prepare("SELECT amount FROM payment WHERE origin=? AND idempotency_key<>?");
  const perWindow = database.prepare("SELECT amount FROM payment WHERE reserved_at>? AND idempotency_key<>?");
  const sum = (rows: unknown) =>
    amountsSchema.parse(rows).reduce((total, { amount }) => total + BigInt(amount), 0n);

  return {
    overdrawnBy(
      { idempotencyKey: key, url, amount }: Purchase,
      budget: Budget,
      now: number,
    ): string | undefined {
      const { origin } = new URL(url);
      if (budget.perOrigin !== undefined) {
        const left = budget.perOrigin - sum(perOrigin.all(origin, key));
        if (amount > left) return `${left} atomic units are left for ${origin}`;
      }
      if (budget.perWindow !== undefined) {
        const left = budget.perWindow.amount - sum(perWindow.all(now - budget.perWindow.seconds, key));
        if (amount > left) return `${left} atomic units are left for these ${budget.perWindow.seconds} s`;
      }
      return undefined;
    },
  };
}

const jsonText = z.string().transform((text): unknown => JSON.parse(text));

const rowSchema = z.object({
  idempotency_key: z.string(),
  fingerprint: z.string(),
  url: z.string(),
  amount: z.string(),
  x402_version: z.union([z.literal(1), z.literal(2)]),
  header: z.string(),
  requirements: jsonText.pipe(paymentRequirementsSchema),
  money_moved: z.enum(["no", "maybe", "yes"]),
  outcome: z.string().nullable(),
  settlement: z.union([z.null(), jsonText.pipe(settleResponseSchema)]),
});

function readRow(row: unknown): PaymentRecord {
  const record = rowSchema.parse(row);
  const { idempotency_key: idempotencyKey, fingerprint, url, header, requirements } = record;
  return {
    idempotencyKey,
    fingerprint,
    url,
    amount: BigInt(record.amount),
    payment: { header, requirements, ...readPayment(record.x402_version, header) },
    moneyMoved: record.money_moved,
    outcome: record.outcome ?? undefined,
    settlement: record.settlement ?? undefined,
  };
}

function readPayment(x402Version: 1 | 2, header: string): Pick<SignedPayment, "message" | "authorization"> {
  const message = dialectOf(x402Version).read(header);
  const exact = message?.ok ? parseExactEvmPayload(message.value.payload) : undefined;
  if (message?.ok !== true || exact?.ok !== true)
    throw new Problem("config", "The buyer's records hold a payment that cannot be read.");
  return { message: message.value, authorization: exact.value.authorization };
}
