import { expect, test } from "vitest";
import { type Case, defineCase, planRun } from "./index.ts";

const cases: readonly Case[] = ["S-RPL-01", "S-ORD-14", "S1-01"].map((requirement) =>
  defineCase({ id: `seller.x.${requirement.toLowerCase()}`, requirement, title: "x", probe: async () => {} }),
);

test.each([
  { set: "x402@2", taken: ["S-RPL-01"], why: "S-ORD-14 is in no tagged revision" },
  { set: "x402@1", taken: ["S1-01"], why: "the others are v2" },
  { set: undefined, taken: ["S-RPL-01", "S-ORD-14", "S1-01"], why: "all rules count" },
] as const)("the set $set takes $taken: $why", ({ set, taken }) => {
  const plan = planRun(cases, set === undefined ? {} : { set });
  expect(plan.map(({ requirement }) => requirement)).toEqual(taken);
});
