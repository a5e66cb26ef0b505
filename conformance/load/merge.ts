import { z } from "zod";
import { Problem } from "#sandbox";
import { addAudits } from "./audit.ts";
import { Latencies } from "./latencies.ts";
import { type LoadReport, loadReportSchema } from "./report.ts";
import { addOutcomes } from "./tally.ts";

/**
 * Reads what `load --json` printed: one report a line, of one worker or of several.
 *
 * @param name where the text is from, for the error
 * @throws Problem `usage`
 */
export function readLoadReports(text: string, name: string): LoadReport[] {
  const lines = text.split("\n").map((line, position) => ({ line, at: `${name}:${position + 1}` }));
  const reports = lines
    .filter(({ line }) => line.trim() !== "")
    .map(({ line, at }) => readLoadReport(line, at));
  if (reports.length > 0) return reports;
  throw new Problem("usage", `${name} holds no report.`, "Give files that `x402-assay load --json` wrote.");
}

function readLoadReport(line: string, at: string): LoadReport {
  const next = "Each line has to be a report that `x402-assay load --json` printed.";
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (cause) {
    throw new Problem("usage", `${at} is not JSON: ${line.slice(0, 80)}`, next, { cause });
  }
  const read = loadReportSchema.safeParse(json);
  if (!read.success) throw new Problem("usage", `${at} is no report: ${z.prettifyError(read.error)}`, next);
  return read.data;
}

/**
 * The results of several workers as one. Rates add up, since workers are meant to run side by side.
 *
 * @throws Problem `usage` when they are not parts of one load
 */
export function mergeLoads(reports: readonly LoadReport[]): LoadReport {
  const [first] = reports;
  if (first === undefined) throw new Problem("usage", "There is nothing to merge.", "Name the reports.");
  requireOneLoad(first, reports);
  const latencies = new Latencies();
  for (const { steps } of reports) latencies.add(steps);
  const audits = reports.flatMap(({ audit }) => (audit === undefined ? [] : [audit]));
  const total = (of: (report: LoadReport) => number) => reports.reduce((sum, report) => sum + of(report), 0);
  return {
    ...first,
    seeds: [...new Set(reports.flatMap(({ seeds }) => seeds))],
    shards: shardsOf(reports, first.shards.count),
    startedAt: reports.map(({ startedAt }) => startedAt).sort()[0] ?? first.startedAt,
    durationMs: Math.max(...reports.map(({ durationMs }) => durationMs)),
    interrupted: reports.some(({ interrupted }) => interrupted),
    agents: reports.flatMap(({ agents }) => agents),
    concurrency: total(({ concurrency }) => concurrency),
    ...(first.rate === undefined ? {} : { rate: total(({ rate = 0 }) => rate) }),
    begun: total(({ begun }) => begun),
    neverBegun: total(({ neverBegun }) => neverBegun),
    perSecond: total(({ perSecond }) => perSecond),
    steps: latencies.times(),
    outcomes: addOutcomes(reports.map(({ outcomes }) => outcomes)),
    ...(audits.length === 0 ? {} : { audit: addAudits(audits) }),
  };
}

function shardsOf(reports: readonly LoadReport[], count: number): LoadReport["shards"] {
  const present = reports.flatMap(({ shards }) => shards.present).sort(ascending);
  const all = Array.from({ length: count }, (_, position) => position + 1);
  return { present, missing: all.filter((index) => !present.includes(index)), count };
}

function requireOneLoad(first: LoadReport, reports: readonly LoadReport[]): void {
  const next = "Merge the results of the workers of one load, --shard 1/N to N/N.";
  for (const report of reports) {
    const difference = differenceOf(first, report);
    if (difference !== undefined)
      throw new Problem("usage", `These are not parts of one load: ${difference}.`, next);
  }
  const seen = reports.flatMap(({ shards }) => shards.present).sort(ascending);
  const twice = seen.find((index, position) => seen[position - 1] === index);
  if (twice !== undefined)
    throw new Problem("usage", `Worker ${twice} of ${first.shards.count} is there twice.`, next);
}

function differenceOf(one: LoadReport, other: LoadReport): string | undefined {
  if (one.subject !== other.subject) return `the sellers differ, ${one.subject} and ${other.subject}`;
  if (one.paid !== other.paid) return "some paid, and some did not";
  if ((one.rate === undefined) !== (other.rate === undefined)) return "some had a rate, and some had none";
  const counts = [one.shards.count, other.shards.count] as const;
  return counts[0] === counts[1] ? undefined : `one is of ${counts[0]} workers, another of ${counts[1]}`;
}

function ascending(one: number, other: number): number {
  return one - other;
}
