import { styleText } from "node:util";
import type { BenchReport, MeasuredFigure } from "./report.ts";
import type { Statistic } from "./statistics.ts";

const headings = ["", "ours", "official", "ratio", "budget", ""] as const;

/** The report as text: a table of figures, then what was checked. */
export function tableOf({ machine, node, figures, checks }: BenchReport): string {
  const rows = [headings, ...figures.map(cellsOf)];
  const widths = headings.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.platform}, Node ${node}`,
    "",
    ...rows.map((row) => aligned(row, widths)),
    "",
    ...checks.map(
      ({ title, ok, detail }) =>
        `${ok ? styleText("green", "✓") : styleText("red", "✗")} ${title}: ${detail}`,
    ),
  ].join("\n");
}

function cellsOf(figure: MeasuredFigure): string[] {
  const { title, unit, ours, official, ratio, budget } = figure;
  return [
    title,
    cell(ours, unit),
    official === undefined ? "" : cell(official, unit),
    ratio === undefined ? "" : `${significant(ratio)} ×`,
    budget === undefined ? "" : bounds(budget, unit),
    budget === undefined ? "" : budget.met ? "met" : "not met",
  ];
}

function cell({ median }: Statistic, unit: string): string {
  return `${significant(median)} ${unit}`;
}

function bounds({ of, atMost, atLeast }: NonNullable<MeasuredFigure["budget"]>, unit: string): string {
  const shown = (bound: number) =>
    of === "ours" ? `${significant(bound)} ${unit}` : `${significant(bound)} ×`;
  if (atMost !== undefined) return `≤ ${shown(atMost)}`;
  return atLeast === undefined ? "" : `≥ ${shown(atLeast)}`;
}

/** Three significant digits; more would be noise. */
function significant(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** Text to the left, numbers to the right. */
function aligned(row: readonly string[], widths: readonly number[]): string {
  const cells = row.map((text, column) => {
    const width = widths[column] ?? 0;
    return column === 0 || column === headings.length - 1 ? text.padEnd(width) : text.padStart(width);
  });
  return cells.join("  ").trimEnd();
}
