import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Chain, startChain } from "../chain/index.ts";
import { FaultBoard } from "./board.ts";
import { faultedChain } from "./faulted-chain.ts";
import { type FaultOrder, faultOrderSchema } from "./order.ts";

const alice = "0x00000000000000000000000000000000000000aa";
const bob = "0x00000000000000000000000000000000000000bb";

let chain: Chain;
let board: FaultBoard;
beforeAll(async () => {
  chain = await startChain();
});
afterAll(() => chain.stop());
beforeEach(() => {
  board = new FaultBoard(faultedChain(chain));
  return () => board.clear();
});

test("a fault bites its endpoint only", async () => {
  await board.add({ name: "settle-500" });
  expect(board.takeCall("verify", alice)).toBeUndefined();
  expect(board.takeCall("settle", alice)).toMatchObject({ name: "settle-500", endpoint: "settle" });
});

test("a fault bites as often as it was told, and stays in the list with its count", async () => {
  const { id } = await board.add({ name: "verify-500", times: 2, seed: "7" });
  expect([1, 2, 3].map(() => board.takeCall("verify", alice)?.name)).toEqual([
    "verify-500",
    "verify-500",
    undefined,
  ]);
  const place = "facilitator";
  expect(board.list()).toEqual([
    { id, name: "verify-500", place, seed: "7", times: 2, reached: 2, on: false },
  ]);
});

test("a fault of one payer spares the others, and calls whose payer is not known", async () => {
  await board.add({ name: "verify-500", payer: alice });
  expect(board.takeCall("verify", bob)).toBeUndefined();
  expect(board.takeCall("verify", undefined)).toBeUndefined();
  expect(board.takeCall("verify", "0x00000000000000000000000000000000000000AA")).toBeDefined();
  expect(board.list()).toMatchObject([{ reached: 1, on: true }]);
});

test("the fault that was added first bites first, until it is used up", async () => {
  await board.add({ name: "settle-500", times: 1 });
  await board.add({ name: "settle-refuses" });
  expect([1, 2].map(() => board.takeCall("settle", alice)?.name)).toEqual(["settle-500", "settle-refuses"]);
});

test("faults are switched off one by one, or all together", async () => {
  const first = await board.add({ name: "settle-500" });
  await board.add({ name: "settle-refuses" });
  expect(await board.remove(first.id)).toBe(true);
  expect(await board.remove(first.id)).toBe(false);
  expect(board.takeCall("settle", alice)?.name).toBe("settle-refuses");
  await board.clear();
  expect(board.takeCall("settle", alice)).toBeUndefined();
  expect(board.list()).toEqual([]);
});

test("a seed decides which calls are bitten by chance, and the same seed the same ones", async () => {
  const bitten = async (seed: string) => {
    const { id } = await board.add({ name: "verify-500", chance: 0.25, seed });
    const row = Array.from({ length: 400 }, () => board.takeCall("verify", alice) !== undefined);
    await board.remove(id);
    return row;
  };
  const row = await bitten("a");
  expect(await bitten("a")).toEqual(row);
  expect(await bitten("b")).not.toEqual(row);
  expect(row.filter(Boolean).length).toBeGreaterThan(60);
  expect(row.filter(Boolean).length).toBeLessThan(140);
});

test("without a seed, a fault has one of its own", async () => {
  const [one, other] = [await board.add({ name: "verify-500" }), await board.add({ name: "verify-500" })];
  expect(one.seed).toMatch(/^[0-9a-f]{8}$/);
  expect(other.seed).not.toBe(one.seed);
});

test("a fault ends by itself after its time", async () => {
  await board.add({ name: "verify-500", lastsMs: 20 });
  expect(board.takeCall("verify", alice)).toBeDefined();
  await expect.poll(() => board.list()).toMatchObject([{ on: false, reached: 1 }]);
  expect(board.takeCall("verify", alice)).toBeUndefined();
});

test("only faults behind the facilitator count as on the chain, and only while they are on", async () => {
  await board.add({ name: "verify-500" });
  expect(board.isOnChain).toBe(false);
  const { id } = await board.add({ name: "rpc-slow" });
  expect(board.isOnChain).toBe(true);
  await board.remove(id);
  expect(board.isOnChain).toBe(false);
});

test("a state that is switched off while it begins is undone all the same", async () => {
  const before = await chain.clock.now();
  const beginning = board.add({ name: "clock-moved" });
  await board.clear();
  await beginning;
  expect(await chain.clock.now()).toBeLessThan(before + 60n);
});

test("two faults that change the same cannot be on together", async () => {
  const first = await board.add({ name: "token-takes-a-fee" });
  await expect(board.add({ name: "token-without-code" })).rejects.toThrow(
    /token-takes-a-fee \(id 1\) is on already/,
  );
  // Another token's code is something else.
  await board.add({ name: "token-takes-a-fee", asset: alice });
  await board.remove(first.id);
  await board.add({ name: "token-without-code" });
});

test.each<[Record<string, unknown>, string, string]>([
  [{ name: "verify-500", reason: "x" }, "reason", "verify-500 has no use for it"],
  [{ name: "rpc-429", delayMs: 5 }, "delayMs", "rpc-429 has no use for it"],
  [{ name: "mining-stopped", times: 1 }, "times", "mining-stopped is a state"],
  [{ name: "mining-stopped", payer: alice }, "payer", "mining-stopped befalls everybody"],
  [{ name: "token-blacklists-payer" }, "payer", "token-blacklists-payer needs a payer"],
  [{ name: "verify-500", chance: 0 }, "chance", ""],
  [{ name: "verify-500", chance: 1.5 }, "chance", ""],
  [{ name: "verify-500", lastsMs: 0 }, "lastsMs", ""],
])("the order %j is refused for its %s", (order, key, complaint) => {
  const parsed = faultOrderSchema.safeParse(order);
  expect(parsed.error?.issues).toMatchObject([{ path: [key], message: expect.stringContaining(complaint) }]);
});

test("an order that says all it can is taken", () => {
  const order: FaultOrder = {
    name: "verify-slow",
    payer: alice,
    times: 3,
    lastsMs: 1000,
    chance: 0.5,
    seed: "s",
    delayMs: 10,
  };
  expect(faultOrderSchema.parse(order)).toMatchObject({ ...order, payer: expect.anything() });
});
