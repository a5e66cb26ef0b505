import { expect, it } from "vitest";
import { gather } from "./gather.ts";

const patient = { largest: 3, patienceMs: 60_000 };

/** Work that ends when it is told to, and what it was given. */
function heldWork() {
  const begun: { readonly items: readonly string[]; end(): void; fail(error: Error): void }[] = [];
  const work = (items: readonly string[]) =>
    new Promise<ReadonlyMap<string, string>>((resolve, reject) => {
      const results = new Map(
        items.filter((item) => item !== "unknown").map((item) => [item, item.toUpperCase()]),
      );
      begun.push({ items, end: () => resolve(results), fail: reject });
    });
  return { begun, work, batches: () => begun.map(({ items }) => items) };
}

const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

it("does together what is asked for in one turn, each item once", async () => {
  const { begun, work, batches } = heldWork();
  const ask = gather(work, patient);
  const answers = Promise.all([ask("a"), ask("b"), ask("a"), ask("unknown")]);
  await turn();
  expect(batches()).toEqual([["a", "b", "unknown"]]);
  begun[0]?.end();
  expect(await answers).toEqual(["A", "B", "A", undefined]);
});

it("gathers while work is under way, and does no more at once than it may", async () => {
  const { begun, work, batches } = heldWork();
  const ask = gather(work, patient);
  const answers = ["a", "b", "c", "d", "e"].map(ask);
  await turn();
  answers.push(ask("f"), ask("g"));
  await turn();
  expect(batches()).toEqual([["a", "b", "c"]]);
  begun[0]?.end();
  await answers[2];
  await turn();
  expect(batches()[1]).toEqual(["d", "e", "f"]);
  begun[1]?.end();
  await answers[5];
  await turn();
  begun[2]?.end();
  expect(await Promise.all(answers)).toEqual(["A", "B", "C", "D", "E", "F", "G"]);
});

it("does not wait for slow work for ever", async () => {
  const { begun, work } = heldWork();
  const ask = gather(work, { largest: 3, patienceMs: 1 });
  const slow = ask("slow");
  await turn();
  const quick = ask("quick");
  await expect.poll(() => begun.length).toBe(2);
  begun[1]?.end();
  expect(await quick).toBe("QUICK");
  begun[0]?.end();
  expect(await slow).toBe("SLOW");
});

it("tells all who asked when work fails, and goes on", async () => {
  const { begun, work } = heldWork();
  const ask = gather(work, patient);
  const failing = Promise.allSettled([ask("a"), ask("b")]);
  await turn();
  begun[0]?.fail(new Error("no"));
  expect((await failing).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  const next = ask("a");
  await turn();
  begun[1]?.end();
  expect(await next).toBe("A");
});
