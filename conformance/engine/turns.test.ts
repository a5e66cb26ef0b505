import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { Turns } from "./turns.ts";

test("so many are under way at a time, and whoever is alone is so, after them", async () => {
  const turns = new Turns(2);
  const underWay = new Set<string>();
  const told: string[] = [];
  const takesPart = (name: string) => async () => {
    underWay.add(name);
    told.push([...underWay].join("+"));
    await delay(5);
    underWay.delete(name);
  };
  const alone = [
    turns.alone(takesPart("last"), { last: true }),
    turns.beside(takesPart("a")),
    turns.alone(takesPart("x")),
    turns.beside(takesPart("b")),
    turns.beside(takesPart("c")),
    turns.alone(takesPart("y")),
  ];
  await Promise.all(alone);
  expect(told[0]).toBe("last");
  expect(told.slice(1)).toEqual(["a", "a+b", expect.stringMatching(/^(b\+)?c$/), "x", "y"]);
});

test("whoever met nobody had no company", async () => {
  const turns = new Turns();
  const first = await turns.beside(async () => 1);
  const both = await Promise.all([turns.beside(() => delay(5)), turns.beside(() => delay(1))]);
  expect(first).toEqual({ outcome: 1, hadCompany: false });
  expect(both.map(({ hadCompany }) => hadCompany)).toEqual([true, true]);
});
