import { describe, expect, test } from "vitest";
import { badge } from "./badge.ts";
import { diffOf } from "./diff.ts";
import { mergedReport } from "./merge.ts";
import { reportOf, verdict } from "./testing/reports.ts";

const shard = (
  index: number,
  names: readonly string[],
  audit: "pass" | "inconclusive" | "fail" = "pass",
) => ({
  file: `${index}.json`,
  report: reportOf([...names.map((name) => verdict(name, "pass")), verdict("audit", audit)], {
    selection: { shard: { index, count: 2 } },
  }),
});
const order = ["a", "b", "c", "d", "audit"].map((name) => `seller.x.${name}`);

describe("shards that are put together", () => {
  test("give the cases in their order, the audit once", () => {
    const whole = mergedReport([shard(2, ["b", "d"]), shard(1, ["a", "c"])], order);
    expect(whole.cases.map(({ id }) => id)).toEqual(order);
    expect(whole).toMatchObject({ totals: { pass: 5 }, selection: {}, exitCode: 0 });
    expect(badge(whole).kind).toBe("badge");
  });

  test.for([
    ["pass", "inconclusive", "pass"],
    ["pass", "fail", "fail"],
    ["inconclusive", "inconclusive", "inconclusive"],
  ] as const)("an audit that came to %s and %s came to %s", ([one, other, both]) => {
    const { cases } = mergedReport([shard(1, ["a"], one), shard(2, ["b"], other)], order);
    expect(cases.at(-1)?.status).toBe(both);
  });

  test.for([
    ["one is missing", [shard(1, ["a"])], "Of 2 shards, 2/2 is missing."],
    ["one is there twice", [shard(1, ["a"]), shard(2, ["b"]), shard(2, ["b"])], "A shard is given twice."],
    [
      "they are of two runs",
      [shard(1, ["a"]), { file: "x.json", report: reportOf([], { subject: "another" }) }],
      "1.json and x.json are not of one run",
    ],
    ["there are none", [], "There is nothing to merge."],
  ] as const)("%s", ([, shards, complaint]) => {
    expect(() => mergedReport(shards, order)).toThrow(complaint);
  });
});

test("a diff tells what broke, what was mended, and what else changed", () => {
  const before = reportOf([
    verdict("a", "pass"),
    verdict("b", "fail"),
    verdict("c", "warn"),
    verdict("d", "fail"),
  ]);
  const after = reportOf([
    verdict("a", "fail"),
    verdict("b", "pass"),
    verdict("c", "pass"),
    verdict("d", "fail"),
    verdict("e", "fail"),
  ]);
  const { broken, mended, others } = diffOf(before, after);
  expect(broken.map(({ id, before: was }) => [id, was])).toEqual([
    ["seller.x.a", "pass"],
    ["seller.x.e", "absent"],
  ]);
  expect(mended.map(({ id }) => id)).toEqual(["seller.x.b"]);
  expect(others.map(({ id }) => id)).toEqual(["seller.x.c"]);
});

describe("the badge", () => {
  const badgeOf = (...cases: Parameters<typeof reportOf>) => {
    const made = badge(reportOf(...cases));
    return made.kind === "badge" ? JSON.parse(made.text) : made.why;
  };

  test.for([
    [
      "conformant",
      [verdict("a", "pass")],
      { label: "x402 seller", message: "conformant", color: "brightgreen" },
    ],
    ["not conformant", [verdict("a", "fail")], { message: "1 case fails", color: "red" }],
    [
      "known failures",
      [verdict("a", "pass"), verdict("b", "fail", { known: { reason: "x" } })],
      { message: "1 known failure", color: "yellow" },
    ],
  ] as const)("%s", ([, cases, expected]) => {
    expect(badgeOf(cases)).toMatchObject({ schemaVersion: 1, ...expected });
  });

  test("of a frozen set names it", () => {
    expect(badgeOf([verdict("a", "pass")], { selection: { set: "x402@2" } })).toMatchObject({
      label: "x402 v2 seller",
    });
  });

  test.for([
    ["a part of the cases", [verdict("a", "pass")], { selection: { only: ["*"] } }],
    ["a shard", [verdict("a", "pass")], { selection: { shard: { index: 1, count: 2 } } }],
    ["the binding rules only", [verdict("a", "pass")], { selection: { level: "must" } }],
    ["a run without a verdict", [verdict("a", "inconclusive")], {}],
  ] as const)("is not made of %s", ([, cases, more]) => {
    expect(badgeOf(cases, more)).toMatch(/^the run (left cases out|came to no verdict)/);
  });
});
