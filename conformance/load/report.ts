import { z } from "zod";
import { auditSchema } from "./audit.ts";
import { timesSchema } from "./latencies.ts";

const count = z.int().nonnegative();

/** Which part of a load this was: the `index`-th of `count` workers, from 1 on. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** How many purchases ended in one way; `example` is the last one's reason, in the seller's words where it gave any. */
const outcomeSchema = z.object({
  kind: z.string(),
  count: z.int().positive(),
  example: z.string().optional(),
});
export type Outcome = z.infer<typeof outcomeSchema>;

/** What a run, or several merged, found: `load --json` prints it as one line. */
export const loadReportSchema = z.object({
  schemaVersion: z.literal(1),
  kind: z.literal("load"),
  /** What was loaded: the URL, or the reference seller. */
  subject: z.string(),
  /** Whether purchases were paid, or only their prices asked. */
  paid: z.boolean(),
  /** Seeds of the payers, one of each run. */
  seeds: z.array(z.string()).min(1),
  /** Which of `count` workers this is the result of; `missing` are those that a merge would need, too. */
  shards: z.object({
    present: z.array(z.int().positive()).min(1),
    missing: z.array(z.int().positive()),
    count: z.int().positive(),
  }),
  /** ISO 8601. */
  startedAt: z.iso.datetime(),
  /** From the first purchase's begin to the last one's end. */
  durationMs: z.number().nonnegative(),
  /** Ended before its time, by a signal. */
  interrupted: z.boolean(),
  agents: z.array(z.object({ name: z.string(), payer: z.string(), good: count, other: count })),
  /** Most purchases under way at once. */
  concurrency: z.int().positive(),
  /** Purchases due per second; without it, each lane began when its last was done. */
  rate: z.number().positive().optional(),
  begun: count,
  /** Due within the time, and never begun because everything was busy. */
  neverBegun: count,
  /** Purchases per second that came to what they were meant to. */
  perSecond: z.number().nonnegative(),
  steps: timesSchema,
  /** The most frequent first. */
  outcomes: z.array(outcomeSchema),
  /** Absent when nothing was paid. */
  audit: auditSchema.optional(),
});
export type LoadReport = z.infer<typeof loadReportSchema>;

/** 0 the books balance · 1 they do not · 3 incomplete: nothing was bought, or workers are missing. */
export function loadExitCode(report: LoadReport): 0 | 1 | 3 {
  if (report.audit !== undefined && report.audit.differences.length > 0) return 1;
  return report.agents.every(({ good }) => good === 0) || report.shards.missing.length > 0 ? 3 : 0;
}
