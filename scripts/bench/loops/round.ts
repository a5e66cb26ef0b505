import { z } from "zod";

/** An order to a buyer: keep so many purchases under way for so long. */
export const roundSchema = z.object({
  inFlight: z.int().positive(),
  durationMs: z.number().nonnegative(),
  /** Purchases after which the round ends before its time. */
  maxLoops: z.int().positive(),
  /** Purchases that take longer than this after the time is over count as failed. */
  graceMs: z.number().nonnegative(),
});
export type Round = z.infer<typeof roundSchema>;

/** What a buyer did in a round. */
export const roundResultSchema = z.object({
  /** From the first purchase's begin to the last one's end. */
  elapsedMs: z.number().positive(),
  /** Processor time that the buyer took. */
  processorMs: z.number(),
  /** Of each purchase that was paid and served. */
  loops: z.array(z.object({ latencyMs: z.number(), transaction: z.string() })),
  /** Why the others were not, with how often each reason came. */
  failures: z.record(z.string(), z.int().positive()),
});
export type RoundResult = z.infer<typeof roundResultSchema>;
