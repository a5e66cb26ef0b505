import { expect, test } from "vitest";
import { ClaimBook } from "./claim-book.ts";
import { jsonAnswer } from "./exchange.ts";

const goods = jsonAnswer(200, {});
const one = { authorization: "one", purchase: "rome", validBefore: 1_000n };

function granted(book: ClaimBook, request = one) {
  const outcome = book.take(request);
  if (outcome.kind !== "granted") throw new Error(outcome.kind);
  return outcome.claim;
}

test("a released payment may be used again", () => {
  const book = new ClaimBook();
  granted(book).release();
  granted(book);
  expect(book.take(one)).toEqual({ kind: "in-progress" });
});

test("an unresolved purchase is resumed by itself alone, and by one at a time", () => {
  const book = new ClaimBook(() => 0);
  granted(book).unresolved(goods);
  expect(book.take({ ...one, purchase: "oslo" })).toEqual({ kind: "spent" });
  expect(book.take(one)).toMatchObject({ kind: "resumed", goods });
  expect(book.take(one)).toEqual({ kind: "in-progress" });
});

test("what cannot be used any more is forgotten some time after its authorization ended", () => {
  let now = 0;
  const book = new ClaimBook(() => now);
  granted(book).settled();
  granted(book, { ...one, authorization: "late", validBefore: 10_000n }).settled();
  granted(book, { ...one, authorization: "busy" });
  now = 1_600;
  expect(book.take(one)).toEqual({ kind: "spent" });
  now = 1_700;
  granted(book, { ...one, authorization: "next" });
  expect(book.size).toBe(3);
  expect(book.take({ ...one, authorization: "busy" })).toEqual({ kind: "in-progress" });
});
