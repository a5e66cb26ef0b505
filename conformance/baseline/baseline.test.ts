import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { reportOf, verdict } from "../report/testing/reports.ts";
import { type Baseline, heldAgainst, loadBaseline, saveBaseline, updatedBaseline } from "./index.ts";

const today = "2026-11-21";
const cases = new Set(["one", "two", "three"].map((name) => `seller.x.${name}`));
const baselineOf = (...entries: { case: string; status?: "inconclusive"; expires?: string }[]): Baseline => ({
  schemaVersion: 1,
  expectedFailures: entries.map((entry) => ({ status: "fail", reason: "ticket 7", ...entry })),
});
const hold = (verdicts: Parameters<typeof reportOf>[0], baseline: Baseline) =>
  heldAgainst(reportOf(verdicts), { file: "known.json", baseline, cases }, today);

describe("a run held against a baseline", () => {
  const failure = [verdict("one", "fail"), verdict("two", "pass")];

  test("a known failure does not count, and is shown", () => {
    const report = hold(failure, baselineOf({ case: "seller.x.one" }));
    expect(report).toMatchObject({ exitCode: 0, totals: { fail: 1 }, baseline: { stale: [] } });
    expect(report.cases[0]).toMatchObject({ status: "fail", known: { reason: "ticket 7" } });
  });

  test.for([
    ["another failure counts", failure, baselineOf({ case: "seller.x.three" }), 1, []],
    [
      "an entry that passes is stale",
      [verdict("one", "pass")],
      baselineOf({ case: "seller.x.one" }),
      1,
      ["it does not fail any more"],
    ],
    [
      "an entry of no case is stale",
      [verdict("one", "pass")],
      baselineOf({ case: "seller.x.gone" }),
      1,
      ["there is no such case"],
    ],
    [
      "an expired entry counts",
      failure,
      baselineOf({ case: "seller.x.one", expires: "2026-11-20" }),
      1,
      ["its last day was 2026-11-20; mend the failure, or name a later day"],
    ],
    ["an entry counts on its last day", failure, baselineOf({ case: "seller.x.one", expires: today }), 0, []],
    [
      "a case that did not run says nothing",
      [verdict("two", "pass")],
      baselineOf({ case: "seller.x.one" }),
      0,
      [],
    ],
    [
      "nor does one that is not applicable",
      [verdict("one", "not-applicable"), verdict("two", "pass")],
      baselineOf({ case: "seller.x.one" }),
      0,
      [],
    ],
    [
      "an inconclusive case is no known failure",
      [verdict("one", "inconclusive"), verdict("two", "pass")],
      baselineOf({ case: "seller.x.one" }),
      3,
      [],
    ],
    [
      "unless it is known to be inconclusive",
      [verdict("one", "inconclusive"), verdict("two", "pass")],
      baselineOf({ case: "seller.x.one", status: "inconclusive" }),
      0,
      [],
    ],
    [
      "and that it fails is news",
      failure,
      baselineOf({ case: "seller.x.one", status: "inconclusive" }),
      1,
      ["it fails now"],
    ],
    [
      "a fault of the suite stays one",
      [verdict("one", "error")],
      baselineOf({ case: "seller.x.one" }),
      4,
      [],
    ],
  ] as const)("%s", ([, verdicts, baseline, exitCode, stale]) => {
    const report = hold(verdicts, baseline);
    expect(report.exitCode).toBe(exitCode);
    expect(report.baseline?.stale.map(({ why }) => why)).toEqual(stale);
  });
});

describe("an update", () => {
  test("adds what fails, keeps reasons, and removes what does not fail any more", () => {
    const before = baselineOf(
      { case: "seller.x.one", expires: "2027-01-31" },
      { case: "seller.x.two" },
      { case: "seller.x.three" },
    );
    const report = reportOf([verdict("one", "fail"), verdict("two", "pass"), verdict("four", "fail")]);
    const { baseline, ...changes } = updatedBaseline(before, [report], {});
    expect(changes).toEqual({ added: ["seller.x.four"], kept: ["seller.x.one"], removed: ["seller.x.two"] });
    expect(baseline.expectedFailures).toEqual([
      { case: "seller.x.one", status: "fail", reason: "ticket 7", expires: "2027-01-31" },
      { case: "seller.x.four", status: "fail", reason: "It came to fail." },
      { case: "seller.x.three", status: "fail", reason: "ticket 7" },
    ]);
  });

  test("gives new entries the reason and the expiry that were told", () => {
    const { baseline } = updatedBaseline(baselineOf(), [reportOf([verdict("one", "fail")])], {
      reason: "soon",
      expires: "2027-01-31",
    });
    expect(baseline.expectedFailures).toEqual([
      { case: "seller.x.one", status: "fail", reason: "soon", expires: "2027-01-31" },
    ]);
  });
});

describe("the file", () => {
  const inFolder = async () => {
    const folder = await mkdtemp(join(tmpdir(), "baseline-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    return join(folder, "known.json");
  };

  test("says what was saved, sorted", async () => {
    const file = await inFolder();
    await saveBaseline(file, baselineOf({ case: "seller.x.two" }, { case: "seller.x.one" }));
    expect(await loadBaseline(file)).toEqual(baselineOf({ case: "seller.x.one" }, { case: "seller.x.two" }));
    expect(await readFile(file, "utf8")).toMatch(/\n$/);
  });

  test.for([
    ["{", /known\.json: Expected property name/],
    [
      '{"schemaVersion":1,"expectedFailures":[{"case":"a","reason":" "}]}',
      /expectedFailures\.0\.reason: say why/,
    ],
    [
      '{"schemaVersion":1,"expectedFailures":[{"case":"a","reason":"b","expires":"soon"}]}',
      /expectedFailures\.0\.expires: expected a day such as "2027-01-31"\.$/,
    ],
    [
      '{"schemaVersion":1,"expectedFailures":[{"case":"a","reason":"b","expire":"2027-01-31"}]}',
      /there is no setting expectedFailures\.0\.expire\. Did you mean expires\?$/,
    ],
    [
      '{"schemaVersion":1,"expectedFailures":[{"case":"a","reason":"b","status":"failed"}]}',
      /expectedFailures\.0\.status: expected one of "fail"\|"inconclusive"\.$/,
    ],
    [
      '{"schemaVersion":1,"expectedFailures":[{"case":"a","reason":"b"},{"case":"a","reason":"b"}]}',
      /a case stands in it twice/,
    ],
    ['{"schemaVersion":2,"expectedFailures":[]}', /schemaVersion/],
  ] as const)("with a mistake: %s", async ([contents, complaint]) => {
    const file = await inFolder();
    await writeFile(file, contents);
    await expect(loadBaseline(file)).rejects.toMatchObject({
      code: "config",
      message: expect.stringMatching(complaint),
    });
  });

  test("that is not there is told how to make", async () => {
    await expect(loadBaseline("missing.json")).rejects.toMatchObject({
      next: expect.stringContaining("baseline update"),
    });
  });
});
