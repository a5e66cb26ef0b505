import { describe, expect, test } from "vitest";
import type { CaseResult } from "../engine/index.ts";
import { summaryLines } from "./console.ts";
import { openRunConsole } from "./run-console.ts";
import { reportOf, verdict } from "./testing/reports.ts";

const few: readonly CaseResult[] = [
  verdict("one", "pass"),
  verdict("two", "fail"),
  verdict("three", "not-applicable"),
];

const asked = {
  label: "ask",
  startedAt: 0,
  durationMs: 1,
  request: { method: "GET", url: "http://127.0.0.1/weather", headers: [] },
  answer: { kind: "answer", status: 429, headers: [], body: "" },
} as const;

/** What is written while these verdicts come, of so many. */
function written({ isTTY = false, CI = "", planned = 100, verdicts = few }): string {
  let text = "";
  const output = {
    isTTY,
    columns: 80,
    write: (piece: string | Uint8Array) => {
      text += String(piece);
      return true;
    },
  };
  const runConsole = openRunConsole(output, { CI });
  runConsole.plan(planned);
  for (const each of verdicts) runConsole.verdict(each);
  runConsole.end();
  return text;
}

describe("while a run goes on", () => {
  test("every verdict goes into a file", () => {
    expect(written({})).toMatch(/^✓ seller\.x\.one .*\n✗ seller\.x\.two .*\n {4}fail: It came to fail\.\n/);
  });

  test("CI is told of what did not pass", () => {
    expect(written({ CI: "true" })).toMatch(/^✗ seller\.x\.two /);
    expect(written({ CI: "false" })).toMatch(/^✓ seller\.x\.one /);
  });

  test("a terminal shows how far it is, on one line that ends empty", () => {
    const text = written({ isTTY: true });
    expect(text).not.toMatch(/✓ seller\.x\.one/);
    expect(text).toContain("✗ seller.x.two");
    expect(text).toMatch(/ 3\/100 {2}✗ 1 {2}✓ 1 {2}– 1 {2}seller\.x\.three/);
    expect(text.endsWith("\r\u{1b}[2K")).toBe(true);
  });

  test("of few cases each is shown", () => {
    expect(written({ isTTY: true, planned: 4 })).toContain("✓ seller.x.one");
    expect(written({ CI: "true", planned: 4 })).toContain("✓ seller.x.one");
  });

  test("what is not applicable waits for the end", () => {
    for (const isTTY of [true, false]) expect(written({ isTTY })).not.toContain("It came to not-applicable.");
  });
});

test("what proves nothing shows the exchange and the command that repeats it, once for each reason", () => {
  const unproven = (name: string) =>
    verdict(name, "inconclusive", { exchanges: [asked], replay: `x402-assay conformance replay ${name}` });
  const text = written({ verdicts: [unproven("one"), unproven("two")] });
  expect(text).toMatch(
    /^\? seller\.x\.one .*\n {4}inconclusive: It came to inconclusive\.\n {4}exchange {2}1 of 1, ask\n[\s\S]*GET \/weather\n[\s\S]*429\n[\s\S]* {4}repeat {4}x402-assay conformance replay one\n/,
  );
  expect(text).toMatch(/\n\? seller\.x\.two .*\n {4}inconclusive: It came to inconclusive\.\n$/);
});

describe("the last lines", () => {
  const untried = (name: string, message: string) => verdict(name, "not-applicable", { message });

  test("tell once why many cases are not applicable", () => {
    const cases = [
      verdict("a", "pass"),
      untried("b", "No v1."),
      untried("c", "give --free"),
      untried("d", "No v1."),
    ];
    expect(summaryLines(reportOf(cases), [])).toBe(
      [
        "",
        "not applicable",
        "  – 2 cases: No v1.",
        "  – seller.x.c: give --free",
        "",
        "CONFORMANT  a seller",
        "1 pass, 3 not-applicable; 1.0 s; seed 1",
        "next      --report html=report.html shows every exchange.",
      ].join("\n"),
    );
  });

  test("name what is broken, the files, and what to do", () => {
    const written = [
      { format: "html", file: "report.html" },
      { format: "badge", file: "badge.json", leftOut: "the run came to no verdict" },
    ] as const;
    expect(summaryLines(reportOf([verdict("a", "fail"), verdict("b", "pass")]), written)).toBe(
      [
        "",
        "NOT CONFORMANT  a seller",
        "  ✗ seller.x.a The case a",
        "1 fail, 1 pass; 1.0 s; seed 1",
        "report    html   report.html",
        "report    badge  not written: the run came to no verdict",
        "next      open report.html; x402-assay conformance explain seller.x.a tells why it is a rule.",
      ].join("\n"),
    );
  });

  test("of a run that proves nothing give each reason once, the most frequent first, and a way to look", () => {
    const unproven = (name: string, message: string) =>
      verdict(name, "inconclusive", { message, replay: `x402-assay conformance replay ${name}` });
    const report = reportOf([
      unproven("a", "It is slow."),
      unproven("b", "The control failed: It sold nothing."),
      unproven("c", "It sold nothing."),
    ]);
    expect(summaryLines(report, [])).toBe(
      [
        "",
        "nothing proven",
        "  ? 2 cases: It sold nothing.",
        "  ? seller.x.a: It is slow.",
        "",
        "INCOMPLETE  a seller",
        "3 inconclusive; 1.0 s; seed 1",
        'next      mend what stands under "nothing proven", most frequent first; --report html=report.html shows every exchange; to repeat one case: x402-assay conformance replay b',
      ].join("\n"),
    );
  });

  test("of known failures and a stale baseline say so", () => {
    const known = verdict("a", "fail", { known: { reason: "ticket 7", expires: "2027-01-31" } });
    const stale = [{ case: "seller.x.b", why: "it does not fail any more" }];
    const cases = [known, verdict("b", "pass")];
    expect(summaryLines(reportOf(cases), [])).toMatch(
      /\nKNOWN FAILURES ONLY {2}a seller\n1 fail, 1 pass \(1 known\); /,
    );
    expect(
      summaryLines(reportOf(cases, { exitCode: 1, baseline: { file: "known.json", stale } }), []),
    ).toMatch(
      /\nSTALE BASELINE {2}a seller\n {2}! known\.json: seller\.x\.b: it does not fail any more\n[\s\S]*baseline update REPORT\.json --baseline known\.json$/,
    );
  });
});
