import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Problem } from "#sandbox";
import { badge } from "./badge.ts";
import type { RunReport } from "./run-report.ts";

/** Every format that can be written. */
export const reportFormats = ["json", "junit", "html", "md", "badge", "har"] as const;

export type ReportFormat = (typeof reportFormats)[number];

/** A report to write, as `--report FORMAT=FILE` orders it; `har` takes a folder. */
export interface ReportOrder {
  readonly format: ReportFormat;
  readonly file: string;
}

/** What became of an order. */
export interface WrittenReport extends ReportOrder {
  /** Why there is nothing to write. */
  readonly leftOut?: string;
}

/**
 * Writes reports to their files.
 *
 * @throws Problem `usage` when a file cannot be written
 */
export async function writeReports(
  report: RunReport,
  orders: readonly ReportOrder[],
): Promise<readonly WrittenReport[]> {
  const written: WrittenReport[] = [];
  for (const order of orders) {
    try {
      written.push(await write(report, order));
    } catch (cause) {
      throw unwritable(order, cause);
    }
  }
  return written;
}

/** Says that a report cannot be written, and why. */
export function unwritable({ format }: ReportOrder, cause: unknown): Problem {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Problem("usage", `The ${format} report cannot be written: ${reason}.`, "Check --report.", {
    cause,
  });
}

async function write(report: RunReport, order: ReportOrder): Promise<WrittenReport> {
  const { format, file } = order;
  if (format === "har") return writeHars(report, order);
  const made = await contentsOf(report, format);
  if (made.kind === "none") return { ...order, leftOut: made.why };
  await writeFile(file, made.text);
  return order;
}

/** What a format is made with is loaded when it is asked for: most commands write none. */
async function contentsOf(report: RunReport, format: Exclude<ReportFormat, "har">) {
  const whole = (text: string) => ({ kind: "text", text }) as const;
  switch (format) {
    case "json":
      return whole(`${JSON.stringify(report, null, 2)}\n`);
    case "junit":
      return whole((await import("./junit.ts")).junit(report));
    case "html":
      return whole((await import("./html/index.ts")).htmlPage(report));
    case "md":
      return whole((await import("./markdown.ts")).markdown(report));
    case "badge":
      return badge(report);
  }
}

/** One archive for each case that had exchanges. */
async function writeHars(report: RunReport, order: ReportOrder): Promise<WrittenReport> {
  const { har } = await import("./har.ts");
  await mkdir(order.file, { recursive: true });
  for (const verdict of report.cases) {
    const archive = har(report, verdict);
    if (archive !== undefined)
      await writeFile(join(order.file, `${verdict.id}.har`), JSON.stringify(archive, null, 2));
  }
  return order;
}
