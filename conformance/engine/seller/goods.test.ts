import { expect, test } from "vitest";
import type { WireAnswer } from "../../oracles/wire/index.ts";
import { dialects } from "../dialect.ts";
import { type Goods, whereaboutsOf } from "./goods.ts";

const request = { method: "GET", origin: "http://127.0.0.1", target: "/dice", headers: {} };

/** What was sold first, and then again. */
function sold(body: string, again: string | undefined, reportsWork = false): Goods {
  return { request, answer: answer(200, body), open: ["pay!"], again: Promise.resolve(again), reportsWork };
}

function answer(status: number, body: string, type = "application/json"): WireAnswer {
  return { kind: "answer", status, headers: { "content-type": type }, body };
}

function lookedFor(goods: Goods, found: WireAnswer, { target = "/dice", runs = 1 } = {}) {
  return whereaboutsOf(goods, {
    request: { ...request, target },
    answer: found,
    isMain: true,
    dialect: dialects["x402@2"],
    transfers: async () => [],
    workRuns: async () => runs,
    sale: () => Promise.reject(new Error("Nobody asks for the sale.")),
  });
}

const throws = sold("five and three and a very lucky six", "two and four and a rather sad pair of ones");
const nothing = sold("", "");

test("goods that repeat are found by their text alone", async () => {
  const proverb = "The early bird catches the worm.";
  expect(await lookedFor(sold(proverb, proverb), answer(402, proverb))).toBe("given-away");
  expect(await lookedFor(sold(proverb, proverb), answer(200, "something else"))).toBe("withheld");
  // Where nobody else could buy, the first sale is all there is.
  expect(await lookedFor(sold(proverb, undefined), answer(402, "a refusal of some length"))).toBe("withheld");
});

test("goods that never repeat are found where the paid request is answered as if it were paid", async () => {
  expect(await lookedFor(throws, answer(200, "one and one"))).toBe("given-away");
  expect(await lookedFor(throws, answer(200, "<p>Welcome</p>", "text/html"))).toBe("withheld");
  expect(await lookedFor(throws, answer(200, ""))).toBe("withheld");
  expect(await lookedFor(throws, answer(200, "one and one"), { target: "/DICE" })).toBe("unclear");
});

test("so are goods that are nothing at all, but no refusal has them", async () => {
  expect(await lookedFor(nothing, answer(200, ""))).toBe("given-away");
  expect(await lookedFor(nothing, answer(402, "A refusal."))).toBe("withheld");
  expect(await lookedFor(sold("{}", "{}"), answer(402, "{}"))).toBe("withheld");
});

test("a refusal has goods that never repeat if it is built like them", async () => {
  const dice = (a: number, b: number) => JSON.stringify({ first: a, second: b });
  expect(await lookedFor(sold(dice(1, 2), dice(3, 4)), answer(402, dice(5, 6)))).toBe("given-away");
});

test("whether any other refusal has them is unclear, unless it has no room for them, or no work was done", async () => {
  const refusal = answer(402, "This payment does not verify, or it was used before.");
  expect(await lookedFor(throws, refusal)).toBe("unclear");
  expect(await lookedFor(throws, answer(402, "Pay first."))).toBe("withheld");
  expect(await lookedFor({ ...throws, open: [refusal.body] }, refusal)).toBe("withheld");
  expect(await lookedFor({ ...throws, reportsWork: true }, refusal, { runs: 0 })).toBe("withheld");
});
