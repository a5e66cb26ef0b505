import { z } from "zod";

const atomic = z.string().regex(/^-?\d+$/, "expected atomic units in digits");
const count = z.int().nonnegative();

/** What deliveries, transfers and balances can differ in. */
export const differences = {
  "delivered-unsettled": "delivered, but never paid on the chain",
  "settled-undelivered": "paid on the chain, but neither delivered nor receipted",
  "settled-receipt-only": "paid on the chain and receipted, but not delivered",
  "transfer-unexplained": "transfers from the agents' accounts that no payment of theirs explains",
  "spent-without-transfer": "missing from the agents' accounts without a transfer",
} as const;
type DifferenceKind = keyof typeof differences;

const differenceSchema = z.object({
  kind: z.enum(Object.keys(differences) as [DifferenceKind, ...DifferenceKind[]]),
  count: z.int().positive().or(z.literal(0)),
  /** Atomic units. */
  amount: atomic,
  /** Where to look: nonces of authorizations, or transactions. */
  examples: z.array(z.string()),
});
export type Difference = z.infer<typeof differenceSchema>;

/**
 * What was delivered, held against what moved on the chain. The books balance when there are no differences. Amounts
 * are atomic units in digits.
 */
export const auditSchema = z.object({
  /** Purchases that ended with the goods. */
  deliveries: count,
  /** Transfers from the agents' accounts. */
  transfers: count,
  /** Price of what was delivered. */
  owed: atomic,
  /** Sum of the transfers. */
  transferred: atomic,
  /** What the agents have less than before. */
  spent: atomic,
  differences: z.array(differenceSchema),
});
export type Audit = z.infer<typeof auditSchema>;

/** The audits of several runs, each of payers of its own, as one. */
export function addAudits(audits: readonly Audit[]): Audit {
  const total = (key: "owed" | "transferred" | "spent") =>
    String(audits.reduce((sum, audit) => sum + BigInt(audit[key]), 0n));
  const counted = (key: "deliveries" | "transfers") => audits.reduce((sum, audit) => sum + audit[key], 0);
  const byKind = Map.groupBy(
    audits.flatMap((audit) => audit.differences),
    ({ kind }) => kind,
  );
  return {
    deliveries: counted("deliveries"),
    transfers: counted("transfers"),
    owed: total("owed"),
    transferred: total("transferred"),
    spent: total("spent"),
    differences: [...byKind].map(([kind, all]) => ({
      kind,
      count: all.reduce((sum, one) => sum + one.count, 0),
      amount: String(all.reduce((sum, { amount }) => sum + BigInt(amount), 0n)),
      examples: all.flatMap(({ examples }) => examples).slice(0, 5),
    })),
  };
}
