import { describe, expect, test } from "vitest";
import { verdicts } from "../suites.ts";
import { contradictions, coverageOf, lostIds, register, releasedIds } from "./index.ts";
import { type Requirement, rules } from "./requirement.ts";

/** What to do when an id of ids.json does not exist any more. */
const restore = "restore it; only an id that was never committed may be taken off the list in ids.json";

describe("the register", () => {
  test("has for every rule either cases or a reason why there are none", () => {
    expect(contradictions([...register.values()], verdicts)).toEqual([]);
  });

  test("keeps every rule that was ever released", () => {
    expect(lostIds(releasedIds.rules, register.keys()), restore).toEqual([]);
  });

  test("keeps every case that was ever released", () => {
    const existing = verdicts.map(({ id }) => id);
    expect(lostIds(releasedIds.cases, existing), restore).toEqual([]);
  });

  test("derives the cases of a rule from what the cases cite", () => {
    const coverage = coverageOf(register.values(), verdicts);
    const [first] = coverage;
    expect(first?.rule.id).toBe("S-CH-01");
    expect(first?.cases).toContain("seller.challenge.status-402");
    expect(coverage.flatMap(({ cases }) => cases)).toHaveLength(verdicts.length);
  });
});

describe("contradictions", () => {
  const known: readonly Requirement[] = rules("seller", "x402@2", [
    ["S-X-01", "MUST", "One.", ""],
    ["S-X-02", "MUST", "Two.", ""],
  ]);
  const one = { id: "seller.x.one", requirement: "S-X-01" };

  test("are none when each rule has a case or a reason", () => {
    expect(contradictions(known, [one], [["S-X-02", "cannot be seen"]])).toEqual([]);
  });

  test.each([
    {
      what: "a case cites a rule that does not exist",
      cases: [one, { id: "seller.x.three", requirement: "S-X-03" }],
      reasons: [["S-X-02", "why"]],
      complaint: "seller.x.three cites S-X-03",
    },
    { what: "a rule has neither", cases: [one], reasons: [], complaint: "S-X-02 has neither" },
    {
      what: "a rule has both",
      cases: [one],
      reasons: [
        ["S-X-01", "why"],
        ["S-X-02", "why"],
      ],
      complaint: "S-X-01 has cases now",
    },
    {
      what: "a reason is for a rule that does not exist",
      cases: [one],
      reasons: [
        ["S-X-02", "why"],
        ["S-X-03", "why"],
      ],
      complaint: "reason for S-X-03",
    },
    {
      what: "a rule has two reasons",
      cases: [one],
      reasons: [
        ["S-X-02", "why"],
        ["S-X-02", "because"],
      ],
      complaint: "two reasons for S-X-02",
    },
  ] as const)("are found when $what", ({ cases, reasons, complaint }) => {
    expect(contradictions(known, cases, reasons)).toEqual([expect.stringContaining(complaint)]);
  });
});

test("an id that is gone is found, one that is new is not", () => {
  expect(lostIds(["a", "b"], ["b", "c"])).toEqual(["a"]);
});
