import { expect, test } from "vitest";
import { register, ruleSets, rulesOf, sources } from "./index.ts";

test.each(ruleSets)("%s counts rules of its own protocol, each once, and the audit", (set) => {
  const rules = rulesOf(set);
  const audits = ["S-AUD-01", "C-AUD-01"];
  expect(rules).toEqual([...new Set(rules)]);
  expect(rules.filter(({ id, protocol }) => !audits.includes(id) && protocol !== set)).toEqual([]);
  expect(rules.map(({ id }) => id)).toEqual(expect.arrayContaining(audits));
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
