import { expect, test } from "vitest";
import { FaultBoard } from "./board.ts";

const alice = "0x00000000000000000000000000000000000000aa";
const bob = "0x00000000000000000000000000000000000000bb";

test("a fault bites its endpoint only", () => {
  const board = new FaultBoard();
  board.add({ name: "settle-500" });
  expect(board.take("verify", alice)).toBeUndefined();
  expect(board.take("settle", alice)).toMatchObject({ name: "settle-500", endpoint: "settle" });
});

test("a fault bites as often as it was told, and stays in the list with its count", () => {
  const board = new FaultBoard();
  const { id } = board.add({ name: "verify-500", times: 2 });
  expect([1, 2, 3].map(() => board.take("verify", alice)?.name)).toEqual([
    "verify-500",
    "verify-500",
    undefined,
  ]);
  expect(board.list()).toEqual([{ id, name: "verify-500", times: 2, reached: 2 }]);
});

test("a fault of one payer spares the others, and calls whose payer is not known", () => {
  const board = new FaultBoard();
  board.add({ name: "verify-500", payer: alice });
  expect(board.take("verify", bob)).toBeUndefined();
  expect(board.take("verify", undefined)).toBeUndefined();
  expect(board.take("verify", "0x00000000000000000000000000000000000000AA")).toBeDefined();
  expect(board.list()).toMatchObject([{ reached: 1 }]);
});

test("the fault that was added first bites first, until it is used up", () => {
  const board = new FaultBoard();
  board.add({ name: "settle-500", times: 1 });
  board.add({ name: "settle-refuses" });
  expect([1, 2].map(() => board.take("settle", alice)?.name)).toEqual(["settle-500", "settle-refuses"]);
});

test("faults are switched off one by one, or all together", () => {
  const board = new FaultBoard();
  const first = board.add({ name: "settle-500" });
  board.add({ name: "settle-refuses" });
  expect(board.remove(first.id)).toBe(true);
  expect(board.remove(first.id)).toBe(false);
  expect(board.take("settle", alice)?.name).toBe("settle-refuses");
  board.clear();
  expect(board.take("settle", alice)).toBeUndefined();
  expect(board.list()).toEqual([]);
});
