import { writeFile } from "node:fs/promises";
import { Problem } from "#sandbox";
import type { RunReport } from "./run-report.ts";

/** A report to write, as `--report FORMAT=FILE` orders it. */
export interface ReportOrder {
  readonly format: ReportFormat;
  readonly file: string;
}

const writers = {
  json: (report: RunReport) => `${JSON.stringify(report, null, 2)}\n`,
} as const;

type ReportFormat = keyof typeof writers;

/** Every format that can be written. */
export const reportFormats: readonly ReportFormat[] = ["json"];

/**
 * Writes one report to its file.
 *
 * @throws Problem `usage` when the file cannot be written
 */
export async function writeReport(report: RunReport, { format, file }: ReportOrder): Promise<void> {
  try {
    await writeFile(file, writers[format](report));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Problem("usage", `The ${format} report cannot be written: ${reason}`, "Check --report.", {
      cause,
    });
  }
}
