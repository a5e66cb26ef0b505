import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { machine } from "./machine.ts";
import type { LoopAudit, LoopsOfSide, Measurements } from "./measurements.ts";
import { benchReport, benchReportSchema, measuredFigures } from "./report.ts";
import { tableOf } from "./table.ts";

const honest: LoopAudit = { loops: 3, failures: {}, transfers: 3, agrees: true };

function loopsOfSide(rate: number, latencyMs: number, audit: LoopAudit = honest): LoopsOfSide {
  const processorMs = { buyer: [1], seller: [1], facilitator: [1] };
  const rounds = { perSecond: [rate], latenciesMs: [latencyMs], processorMs };
  return { rounds: { 1: rounds, 8: rounds, 32: rounds }, audit };
}

function measured(audit?: LoopAudit): Measurements {
  return {
    sandbox: { coldMs: [3_000], warmMs: [1_400, 1_600, 1_500] },
    conformance: { elapsedMs: [6_500], cases: 80, exitCodes: [0] },
    loops: { ours: loopsOfSide(300, 10, audit), official: loopsOfSide(50, 40) },
  };
}

const run = { startedAt: new Date(0), machine: machine() };
const figureOf = (id: string) => measuredFigures(measured()).find((figure) => figure.id === id);

test("a ratio is ours divided by the official stack's", () => {
  expect(figureOf("loops.rate.32")).toMatchObject({ ratio: 6, budget: { atLeast: 10, met: false } });
  expect(figureOf("loops.latency.1")).toMatchObject({ ratio: 0.25, budget: { met: true } });
});

test("a budget of ours alone is held against the median", () => {
  expect(figureOf("sandbox.ready.warm")?.budget).toEqual({ of: "ours", atMost: 1_500, met: true });
  expect(figureOf("conformance.seller")?.budget).toMatchObject({ met: false });
  expect(figureOf("sandbox.ready.cold")?.budget).toBeUndefined();
});

test("what was not measured has no row", () => {
  expect(measuredFigures({ sandbox: { coldMs: [], warmMs: [1] } }).map(({ id }) => id)).toEqual([
    "sandbox.ready.warm",
  ]);
});

test("the report is of its schema and passes its checks when every loop was paid", () => {
  const report = benchReport(measured(), run);
  expect(benchReportSchema.parse(report)).toEqual(report);
  expect(report.checks.map(({ ok }) => ok)).toEqual([true, true, true]);
});

test.each<[string, LoopAudit]>([
  ["a loop failed", { ...honest, failures: { "status 402": 1 } }],
  ["the chain and the receipts disagree", { ...honest, transfers: 2, agrees: false }],
])("a check fails when %s", (_, audit) => {
  const { checks } = benchReport(measured(audit), run);
  expect(checks.filter(({ ok }) => !ok).map(({ title }) => title)).toEqual([
    "every loop of ours was paid on the chain",
  ]);
});

test("what failed on the official side is told, and is no fault of the run", () => {
  const official = loopsOfSide(50, 40, { ...honest, failures: { "status 402": 7 } });
  const { checks } = benchReport({ loops: { ours: loopsOfSide(300, 10), official } }, run);
  expect(checks[1]).toMatchObject({ ok: true, detail: "3 loops, 3 transfers; 7 failed: status 402" });
});

test("the table has a row for each figure, with ratio and budget beside it", () => {
  const lines = stripVTControlCharacters(tableOf(benchReport(measured(), run))).split("\n");
  const row = lines.find((line) => line.startsWith("paid loops, 32 in flight"));
  expect(row?.split(/\s{2,}/)).toEqual([
    "paid loops, 32 in flight",
    "300 loops/s",
    "50.0 loops/s",
    "6.00 ×",
    "≥ 10.0 ×",
    "not met",
  ]);
  expect(lines).toContainEqual(expect.stringMatching(/^sandbox ready .*1500 ms .*≤ 1500 ms +met$/));
});
