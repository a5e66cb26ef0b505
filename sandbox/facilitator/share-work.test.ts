import { expect, it } from "vitest";
import { shareWork } from "./share-work.ts";

/** Work that ends when it is told to, and notes when it began. */
function work(began: string[], name: string) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const start = () => {
    began.push(name);
    return promise;
  };
  return { start, end: () => resolve(name), fail: () => reject(new Error(name)) };
}

it("equal requests share the work while it goes on, and not after it", async () => {
  const share = shareWork<string>();
  const began: string[] = [];
  const [first, second, third] = [work(began, "first"), work(began, "second"), work(began, "third")];
  const results = [share("a", "1", first.start), share("a", "1", second.start)];
  first.end();
  expect(await Promise.all(results)).toEqual(["first", "first"]);
  third.end();
  expect(await share("a", "1", third.start)).toBe("third");
  expect(began).toEqual(["first", "third"]);
});

it("another request of the same name waits for the one ahead, even when that fails", async () => {
  const share = shareWork<string>();
  const began: string[] = [];
  const [first, second] = [work(began, "first"), work(began, "second")];
  const failing = share("a", "1", first.start);
  const waiting = share("a", "2", second.start);
  expect(began).toEqual(["first"]);
  first.fail();
  second.end();
  await expect(failing).rejects.toThrow("first");
  expect(await waiting).toBe("second");
});

it("other names do not wait", async () => {
  const share = shareWork<string>();
  const began: string[] = [];
  const [first, second] = [work(began, "first"), work(began, "second")];
  const slow = share("a", "1", first.start);
  second.end();
  expect(await share("b", "1", second.start)).toBe("second");
  first.end();
  await slow;
});
