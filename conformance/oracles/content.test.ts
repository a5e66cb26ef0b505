import { expect, test } from "vitest";
import { givesAway } from "./content.ts";

const report = JSON.stringify({
  report: "premium",
  insight: "Umbrellas sell best on the day before the rain.",
});

test("the content itself gives it away, alone or within something", () => {
  expect(givesAway(report, report, [])).toBe(true);
  expect(givesAway(report, `<html><script>${report}</script></html>`, [])).toBe(true);
});

test("most of the content gives it away, a scrap of it does not", () => {
  expect(givesAway(report, report.slice(0, 60), [])).toBe(true);
  expect(givesAway(report, report.slice(0, 26), [])).toBe(false);
});

test("an error does not give it away", () => {
  expect(givesAway(report, '{"error":"Payment required"}', [])).toBe(false);
});

test("short content is given away only as a whole", () => {
  expect(givesAway("42.17 USD", '{"price":"42.17 USD"}', [])).toBe(true);
  expect(givesAway("42.17 USD", '{"price":"42.1"}', [])).toBe(false);
});

test("what stands in any answer is no secret", () => {
  expect(givesAway("{}", "{}", [])).toBe(false);
  expect(givesAway("ok", '{"error":"not ok"}', [])).toBe(false);
  expect(givesAway("true", '{"error":"no such payment","retryable":true}', [])).toBe(false);
});

test("what the seller shows to everybody is no secret", () => {
  expect(givesAway(report, report, [report])).toBe(false);
});
