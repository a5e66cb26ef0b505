import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { closedLoop, openLoop } from "./pace.ts";

const never = new AbortController().signal;

test("a closed loop keeps its lanes busy, and each begins at least once", async () => {
  let underWay = 0;
  let most = 0;
  let begun = 0;
  await closedLoop(
    4,
    () => begun < 12,
    async () => {
      begun += 1;
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise(setImmediate);
      underWay -= 1;
      return true;
    },
  );
  expect([begun, most]).toEqual([12, 4]);
  await closedLoop(
    3,
    () => false,
    async () => {
      begun += 1;
      return false;
    },
  );
  expect(begun).toBe(15);
});

test("an open loop begins everything that is due, each at its moment or later", async () => {
  const opened = performance.now();
  const dues: number[] = [];
  const early: number[] = [];
  const neverBegun = await openLoop(2, { perSecond: 200, durationMs: 100, signal: never }, async (due) => {
    dues.push(due - opened);
    early.push(due - performance.now());
    return true;
  });
  expect(dues.length + neverBegun).toBe(20);
  const inOrder = dues.toSorted((one, other) => one - other);
  const spacing = inOrder.slice(1).map((due, position) => due - (inOrder[position] ?? Number.NaN));
  for (const gap of spacing) expect(gap).toBeCloseTo(5, 3);
  // Node's timers may be a millisecond early.
  expect(Math.max(...early)).toBeLessThan(2);
});

test("what is due while all lanes are busy is late, not left out", async () => {
  const late: number[] = [];
  const neverBegun = await openLoop(1, { perSecond: 100, durationMs: 200, signal: never }, async (due) => {
    late.push(performance.now() - due);
    await delay(50);
    return true;
  });
  expect(late.length + neverBegun).toBe(20);
  // Each takes as long as five are apart, so the second is 40 ms late, the third 80 ms.
  expect(late[2]).toBeGreaterThan(70);
  expect(neverBegun).toBeGreaterThan(10);
});

test("an interruption ends an open loop that waits", async () => {
  const interruption = new AbortController();
  let begun = 0;
  const neverBegun = await openLoop(
    4,
    { perSecond: 1, durationMs: 600_000, signal: interruption.signal },
    async () => {
      begun += 1;
      interruption.abort();
      return true;
    },
  );
  expect([begun, neverBegun]).toEqual([1, 0]);
});
