import { expect, test } from "vitest";
import { Latencies } from "./latencies.ts";
import { mergeLoads, readLoadReports } from "./merge.ts";
import { type LoadReport, loadExitCode } from "./report.ts";

function reportOf(index: number, loops: readonly number[], changed: Partial<LoadReport> = {}): LoadReport {
  const latencies = new Latencies();
  for (const loop of loops) latencies.record("loop", loop);
  const paid = loops.length;
  return {
    schemaVersion: 1,
    kind: "load",
    subject: "http://127.0.0.1:4021/weather",
    paid: true,
    seeds: ["s"],
    shards: { present: [index], missing: [], count: 2 },
    startedAt: `2026-01-01T00:00:0${index}.000Z`,
    durationMs: 1_000 * index,
    interrupted: false,
    agents: [{ name: `agent-${index}`, payer: `0x${index}`, good: paid, other: 0 }],
    concurrency: 4,
    begun: paid,
    neverBegun: 0,
    perSecond: 10,
    steps: latencies.times(),
    outcomes: [{ kind: "delivered", count: paid }],
    audit: {
      deliveries: paid,
      transfers: paid,
      owed: String(paid * 1_000),
      transferred: String(paid * 1_000),
      spent: String(paid * 1_000),
      differences: [],
    },
    ...changed,
  };
}

const lines = (...reports: readonly LoadReport[]) =>
  reports.map((report) => JSON.stringify(report)).join("\n");

test("results of all workers become one: counts add up, percentiles are of all samples", () => {
  const one = reportOf(1, Array(99).fill(10));
  const other = reportOf(2, [...Array(95).fill(10), ...Array(6).fill(1_000)]);
  const merged = mergeLoads(readLoadReports(`${lines(other, one)}\n\n`, "all.jsonl"));
  expect(merged).toMatchObject({
    shards: { present: [1, 2], missing: [], count: 2 },
    startedAt: one.startedAt,
    durationMs: 2_000,
    concurrency: 8,
    begun: 200,
    perSecond: 20,
    outcomes: [{ kind: "delivered", count: 200 }],
    audit: { deliveries: 200, spent: "200000", differences: [] },
  });
  // 3 of 100 are slow, though 6 of 100 of one worker's are.
  expect(merged.steps.loop?.count).toBe(200);
  expect(merged.steps.loop?.p95).toBeCloseTo(10, 1);
  expect(merged.steps.loop?.p99).toBeCloseTo(1_000, -1);
  expect(loadExitCode(merged)).toBe(0);
});

test("a difference of one worker is a difference of all", () => {
  const differing = reportOf(2, [10]);
  const audit = {
    ...(differing.audit ?? expect.fail()),
    differences: [
      { kind: "delivered-unsettled" as const, count: 1, amount: "1000", examples: ["nonce 0x1"] },
    ],
  };
  const merged = mergeLoads([reportOf(1, [10]), { ...differing, audit }]);
  expect(merged.audit?.differences).toEqual(audit.differences);
  expect(loadExitCode(merged)).toBe(1);
});

test("a missing worker leaves the result incomplete", () => {
  const merged = mergeLoads([reportOf(2, [10])]);
  expect(merged.shards).toEqual({ present: [2], missing: [1], count: 2 });
  expect(loadExitCode(merged)).toBe(3);
});

test.each<[string, LoadReport[], string]>([
  ["a worker that is there twice", [reportOf(1, [1]), reportOf(1, [2])], "Worker 1 of 2 is there twice."],
  [
    "different sellers",
    [reportOf(1, [1]), reportOf(2, [1], { subject: "reference seller" })],
    "the sellers differ, http://127.0.0.1:4021/weather and reference seller",
  ],
  [
    "loads of different size",
    [reportOf(1, [1]), reportOf(2, [1], { shards: { present: [2], missing: [], count: 3 } })],
    "one is of 2 workers, another of 3",
  ],
  ["paid and unpaid", [reportOf(1, [1]), reportOf(2, [1], { paid: false })], "some paid, and some did not"],
])("refuses %s", (_, reports, complaint) => {
  expect(() => mergeLoads(reports)).toThrow(complaint);
});

test.each([
  ["nothing", "\n", "shard.json holds no report."],
  ["a log", "npm warn something", "shard.json:1 is not JSON: npm warn something"],
  ["another report", '\n{"schemaVersion":1,"suite":"seller"}', "shard.json:2 is no report: "],
  ["a histogram that is none", lines(withHistogram("rubbish")), "shard.json:1 is no report: "],
])("refuses to read %s", (_, text, complaint) => {
  expect(() => readLoadReports(text, "shard.json")).toThrow(complaint);
});

function withHistogram(histogram: string): LoadReport {
  const report = reportOf(1, [1]);
  const { loop = expect.fail() } = report.steps;
  return { ...report, steps: { loop: { ...loop, histogram } } };
}
