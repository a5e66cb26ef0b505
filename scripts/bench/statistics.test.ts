import fc from "fast-check";
import { expect, test } from "vitest";
import { median, statisticOf } from "./statistics.ts";

test("the median is the middle, or halfway between the two in the middle", () => {
  expect(median([9, 1, 2])).toBe(2);
  expect(median([10, 1, 2, 4])).toBe(3);
  expect(median([7])).toBe(7);
});

test("the median has as many samples below it as above, in whatever order they come", () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1 }), (samples) => {
      const middle = median(samples);
      const below = samples.filter((sample) => sample < middle).length;
      const above = samples.filter((sample) => sample > middle).length;
      expect(Math.max(below, above)).toBeLessThanOrEqual(samples.length / 2);
      expect(median(samples.toReversed())).toBe(middle);
    }),
  );
});

test("a statistic tells middle, range and number of its samples", () => {
  expect(statisticOf([3, 1, 8])).toEqual({ median: 3, min: 1, max: 8, count: 3 });
});

test("no samples make no statistic", () => {
  expect(statisticOf([])).toBeUndefined();
});
