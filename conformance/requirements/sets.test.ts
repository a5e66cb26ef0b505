import { expect, test } from "vitest";
import { planRun } from "../engine/index.ts";
import { suites } from "../suites.ts";
import { register, ruleSets, rulesOf, sources } from "./index.ts";

const audits = ["S-AUD-01", "C-AUD-01", "F-AUD-01"];

test.each(ruleSets)("%s counts each rule once, and the audits", (set) => {
  const rules = rulesOf(set);
  expect(rules).toEqual([...new Set(rules)]);
  expect(rules.map(({ id }) => id)).toEqual(expect.arrayContaining(audits));
});

test("x402@2 counts rules of its own protocol only", () => {
  expect(rulesOf("x402@2").filter(({ protocol }) => protocol !== "x402@2")).toEqual([]);
});

test("x402@1 counts of the rules for v2 those that cases try in v1, and no others", () => {
  const cases = suites.flatMap((suite) => suite.cases);
  const tried = planRun(cases, { protocol: "x402@1" }).map(({ requirement }) => requirement);
  const counted = rulesOf("x402@1").flatMap(({ id, protocol }) =>
    protocol === "x402@1" || audits.includes(id) ? [] : [id],
  );
  expect(counted.filter((id) => !tried.includes(id))).toEqual([]);
  const inV2 = new Set(rulesOf("x402@2").map(({ id }) => id));
  const isMissing = (id: string) => inV2.has(id) && !audits.includes(id) && !counted.includes(id);
  expect(tried.filter(isMissing)).toEqual([]);
});

test("no frozen set rests on text that is in no tagged revision", () => {
  const untagged = ruleSets.flatMap(rulesOf).filter(({ citation }) => citation.startsWith("NEW"));
  expect(untagged).toEqual([]);
});

test("every abbreviation in a citation is explained", () => {
  const explained = new Set([...sources.map(({ abbreviation }) => abbreviation), "PRs", "HTTP", "SEC"]);
  const used = [...register.values()].flatMap(
    ({ citation }) => citation.match(/(?<!-)\b(?:[A-Z]{2}[A-Za-z0-9]*|[A-Z]\d)\b/g) ?? [],
  );
  expect(used).not.toEqual([]);
  expect(used.filter((word) => !explained.has(word))).toEqual([]);
});

test.each(ruleSets)("%s has rules for every role, and cases that try them", (set) => {
  for (const { role, cases } of suites) expect(planRun(cases, { set }), role).not.toEqual([]);
});

test("x402@2 leaves out of its own protocol what is in no tagged revision only", () => {
  const counted = new Set(rulesOf("x402@2").map(({ id }) => id));
  const left = [...register.values()].filter(({ id, protocol }) => protocol === "x402@2" && !counted.has(id));
  expect(left.filter(({ citation }) => !citation.startsWith("NEW")).map(({ id }) => id)).toEqual([]);
});
