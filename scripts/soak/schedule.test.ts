import { getAddress } from "viem";
import { expect, test } from "vitest";
import { catalogue } from "#sandbox";
import { digestOf, leftOut, schedule } from "./schedule.ts";

const payers = [getAddress(`0x${"01".repeat(20)}`), getAddress(`0x${"02".repeat(20)}`)] as const;
const hour = 3_600_000;

test("the same seed plans the same faults, another seed others", () => {
  const [one, again, other] = ["a", "a", "b"].map((seed) => schedule(seed, hour, [...payers]));
  expect(again).toEqual(one);
  expect(digestOf(again ?? [])).toBe(digestOf(one ?? []));
  expect(digestOf(other ?? [])).not.toBe(digestOf(one ?? []));
});

test("a longer soak begins like a shorter one", () => {
  const short = schedule("a", 300_000, [...payers]);
  expect(short.length).toBeGreaterThan(50);
  expect(schedule("a", hour, [...payers]).slice(0, short.length)).toEqual(short);
});

test("everything in the catalogue comes in turn, one at a time, and honest trade first and last", () => {
  const faults = schedule("a", hour, [...payers]);
  const names = catalogue()
    .map(({ name }) => name)
    .filter((name) => leftOut[name] === undefined);
  const round = faults.slice(0, names.length).map(({ order }) => order.name);
  expect(round.toSorted()).toEqual(names.toSorted());
  const gaps = faults.slice(1).map(({ atMs }, position) => {
    const before = faults[position];
    return atMs - (before?.atMs ?? 0) - (before?.order.lastsMs ?? 0);
  });
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_000);
  expect(faults[0]?.atMs).toBeGreaterThanOrEqual(3_000);
  const last = faults.at(-1);
  expect((last?.atMs ?? 0) + (last?.order.lastsMs ?? 0)).toBeLessThanOrEqual(hour - 8_000);
});
