import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import type { Purchase } from "./payment-record.ts";

/** The most that may be signed, in atomic units. */
export interface Budget {
  readonly perOrigin?: bigint | undefined;
  readonly perWindow?: { readonly amount: bigint; readonly seconds: number } | undefined;
}

const amountsSchema = z.array(z.object({ amount: z.string() }));

/**
 * What was signed so far. A refused payment counts too: it stays spendable, and only the chain knows. One of `upto` counts
 * with its maximum until a receipt says that less was charged.
 */
export function spending(database: DatabaseSync) {
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
