import { readFile } from "node:fs/promises";
import { Problem } from "#sandbox";
import type { RunReport } from "./run-report.ts";
import { reportSchema } from "./schema.ts";

/**
 * Reads a JSON report.
 *
 * @throws Problem `usage` when it cannot be read, or is no report
 */
export async function readReport(file: string): Promise<RunReport> {
  const parsed = reportSchema.safeParse(await contentsOf(file));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Problem(
    "usage",
    `${file} is no JSON report of schema version 1: ${issue?.path.join(".") || "file"}: ${issue?.message}.`,
    "Give a file that --report json=FILE wrote.",
  );
}

async function contentsOf(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Problem(
      "usage",
      `${file} cannot be read: ${reason}.`,
      "Give a file that --report json=FILE wrote.",
      {
        cause,
      },
    );
  }
}
