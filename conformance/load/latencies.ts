import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
} from "hdr-histogram-js";
import { z } from "zod";

/**
 * What is timed of a purchase: `wait`, how late it began (with a rate, when all lanes were busy); `challenge`, from the
 * request to the 402; `sign`; `answer`, from the payment to the last byte of the goods; `loop`, all of it, from the
 * moment at which it was due.
 */
export const steps = ["wait", "challenge", "sign", "answer", "loop"] as const;
export type Step = (typeof steps)[number];

const milliseconds = z.number().nonnegative();

/** What the times of one step come to, in milliseconds, and all of them as an HdrHistogram (V2, base64, in µs). */
export const stepTimesSchema = z.object({
  count: z.int().positive(),
  mean: milliseconds,
  p50: milliseconds,
  p95: milliseconds,
  p99: milliseconds,
  max: milliseconds,
  histogram: z.string().refine(isHistogram, "expected an HdrHistogram"),
});
export type StepTimes = z.infer<typeof stepTimesSchema>;

/** The times of all steps that were timed. */
export const timesSchema = z.partialRecord(z.enum(steps), stepTimesSchema);
export type Times = z.infer<typeof timesSchema>;

/** An hour, in microseconds: whatever takes longer counts as that. */
const longest = 3_600_000_000;

/** Gathers times in histograms: as large after a million samples as after a thousand, and to be added up. */
export class Latencies {
  readonly #histograms = new Map<Step, Histogram>();

  record(step: Step, elapsedMs: number): void {
    this.#of(step).recordValue(Math.min(longest, Math.max(0, Math.round(elapsedMs * 1_000))));
  }

  /** Adds the times that another run reported. */
  add(times: Times): void {
    for (const step of steps) {
      const { histogram } = times[step] ?? {};
      if (histogram !== undefined) this.#of(step).add(decodeFromCompressedBase64(histogram, "packed"));
    }
  }

  /** The time that so many per cent of the samples did not exceed, in milliseconds; `undefined` without samples. */
  percentile(step: Step, percent: number): number | undefined {
    const histogram = this.#histograms.get(step);
    return histogram && inMs(histogram.getValueAtPercentile(percent));
  }

  times(): Times {
    return Object.fromEntries([...this.#histograms].map(([step, histogram]) => [step, timesOf(histogram)]));
  }

  #of(step: Step): Histogram {
    const found = this.#histograms.get(step) ?? newHistogram();
    this.#histograms.set(step, found);
    return found;
  }
}

function isHistogram(text: string): boolean {
  try {
    return decodeFromCompressedBase64(text, "packed").totalCount >= 0;
  } catch {
    return false;
  }
}

function newHistogram(): Histogram {
  return build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: longest,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: "packed",
  });
}

function timesOf(histogram: Histogram): StepTimes {
  const percentile = (percent: number) => inMs(histogram.getValueAtPercentile(percent));
  return {
    count: histogram.totalCount,
    mean: inMs(histogram.mean),
    p50: percentile(50),
    p95: percentile(95),
    p99: percentile(99),
    max: inMs(histogram.maxValue),
    histogram: encodeIntoCompressedBase64(histogram),
  };
}

function inMs(microseconds: number): number {
  return Math.round(microseconds) / 1_000;
}
