import { expect, test } from "vitest";
import { judgedVersion, planRun } from "./index.ts";
import { type Case, defineCase } from "./seller/index.ts";

const inV1 = { protocol: "x402@1" } as const;
const cases: readonly Case[] = [
  { requirement: "S-RPL-01" },
  { requirement: "S-ORD-14" },
  { requirement: "S-ORD-16", protocol: "any" } as const,
  { requirement: "S1-01", ...inV1 },
  { requirement: "S-PAY-15", ...inV1 },
].map(({ requirement, ...version }) =>
  defineCase({
    id: `seller.x.${requirement.toLowerCase()}`,
    requirement,
    ...version,
    title: "x",
    probe: async () => {},
  }),
);

test.each([
  { selection: {}, taken: ["S-RPL-01", "S-ORD-14", "S-ORD-16", "S1-01", "S-PAY-15"], why: "all count" },
  { selection: { set: "x402@2" }, taken: ["S-RPL-01", "S-ORD-16"], why: "S-ORD-14 is in no tagged revision" },
  { selection: { set: "x402@1" }, taken: ["S-ORD-16", "S1-01", "S-PAY-15"], why: "the others speak v2" },
  { selection: { protocol: "x402@2" }, taken: ["S-RPL-01", "S-ORD-14", "S-ORD-16"], why: "any is v2, too" },
  { selection: { protocol: "x402@1" }, taken: ["S-ORD-16", "S1-01", "S-PAY-15"], why: "any is v1, too" },
  { selection: { protocol: "x402@2", set: "x402@1" }, taken: ["S-ORD-16"], why: "nothing else is both" },
] as const)("$selection takes $taken: $why", ({ selection, taken }) => {
  expect(planRun(cases, selection).map(({ requirement }) => requirement)).toEqual(taken);
});

test.each([
  [{}, "x402@2"],
  [{ set: "x402@1" }, "x402@1"],
  [{ protocol: "x402@1" }, "x402@1"],
] as const)("a run of %o is about %s", (selection, version) => {
  expect(judgedVersion(selection)).toBe(version);
});

test("whoever runs alone comes last, and after all of them whoever restarts the subject", () => {
  const plan = planRun([
    { id: "seller.x.restarts", requirement: "S-RPL-01", alone: true, needs: ["free", "restart"] },
    { id: "seller.x.disturbs", requirement: "S-RPL-01", alone: true, needs: ["free"] },
    { id: "seller.x.disturbs-too", requirement: "S-RPL-01", alone: true },
    { id: "seller.x.minds-itself", requirement: "S-RPL-01" },
  ]);
  const names = ["minds-itself", "disturbs", "disturbs-too", "restarts"];
  expect(plan.map(({ id }) => id)).toEqual(names.map((name) => `seller.x.${name}`));
});
