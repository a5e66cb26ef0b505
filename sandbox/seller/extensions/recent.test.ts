import { expect, test } from "vitest";
import { Recent } from "./recent.ts";

test("a value is kept for its time, which begins anew when it is set", () => {
  let now = 0;
  const recent = new Recent<string>({ seconds: 10, entries: 10, now: () => now });
  recent.set("one", "1");
  now = 9;
  expect(recent.get("one")).toBe("1");
  recent.set("one", "2");
  now = 18;
  expect(recent.get("one")).toBe("2");
  now = 19;
  expect(recent.get("one")).toBeUndefined();
});

test("what has ended leaves the memory, and so does the oldest of too many", () => {
  let now = 0;
  const recent = new Recent<number>({ seconds: 10, entries: 2, now: () => now });
  for (const key of ["a", "b", "c"]) recent.set(key, 1);
  expect([recent.size, recent.get("a"), recent.get("c")]).toEqual([2, undefined, 1]);
  now = 10;
  recent.set("d", 1);
  expect(recent.size).toBe(1);
});
