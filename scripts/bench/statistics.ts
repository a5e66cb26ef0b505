/** What many samples of one quantity come to. */
export interface Statistic {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly count: number;
}

/** The middle of some samples, in any order; of an even number, halfway between the two in the middle. */
export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((one, other) => one - other);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? Number.NaN : (lower + upper) / 2;
}

/** Sums samples up; `undefined` when there are none. */
export function statisticOf(samples: readonly number[]): Statistic | undefined {
  if (samples.length === 0) return undefined;
  // Not Math.min(...samples): there may be more samples than a call may have arguments.
  const min = samples.reduce((least, sample) => Math.min(least, sample));
  const max = samples.reduce((most, sample) => Math.max(most, sample));
  return { median: median(samples), min, max, count: samples.length };
}
