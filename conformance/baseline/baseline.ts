import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { z } from "zod";
import { Problem } from "#sandbox";
import { fileComplaint } from "../file-complaint.ts";

const expectedFailure = z.strictObject({
  /** Id of the case. */
  case: z.string().min(1),
  /** What it comes to. */
  status: z.enum(["fail", "inconclusive"]).default("fail"),
  /** Why that is accepted for now. */
  reason: z.string("say why the failure is accepted").trim().min(1, "say why the failure is accepted"),
  /** The last day on which it is accepted, `YYYY-MM-DD` (UTC). */
  expires: z.iso.date('expected a day such as "2027-01-31"').exactOptional(),
});

const baselineSchema = z.strictObject({
  schemaVersion: z.literal(1),
  expectedFailures: z
    .array(expectedFailure)
    .refine((entries) => new Set(entries.map((entry) => entry.case)).size === entries.length, {
      error: "a case stands in it twice",
    }),
});

/** A failure that is known and accepted for now. */
export type ExpectedFailure = z.output<typeof expectedFailure>;

/** The failures that a project knows of, as its baseline file lists them. */
export type Baseline = z.output<typeof baselineSchema>;

/** No failure is known. */
export const emptyBaseline: Baseline = { schemaVersion: 1, expectedFailures: [] };

/**
 * Reads a baseline.
 *
 * @throws Problem `config` that names the file, the field, and what was expected
 */
export async function loadBaseline(file: string): Promise<Baseline> {
  if (!existsSync(file)) {
    throw new Problem(
      "config",
      `There is no baseline ${file}.`,
      `Make one of a JSON report: x402-assay baseline update REPORT.json --baseline ${file}`,
    );
  }
  const parsed = baselineSchema.safeParse(await contentsOf(file));
  if (parsed.success) return parsed.data;
  const what = fileComplaint(parsed.error, baselineSchema);
  throw new Problem(
    "config",
    `${file}: ${what}${what.endsWith("?") ? "" : "."}`,
    "Correct it and run again.",
  );
}

/** Writes a baseline, its entries in the order of their cases. */
export async function saveBaseline(file: string, { expectedFailures }: Baseline): Promise<void> {
  const sorted = expectedFailures.toSorted((one, other) => (one.case < other.case ? -1 : 1));
  const baseline: Baseline = { schemaVersion: 1, expectedFailures: sorted };
  try {
    await writeFile(file, `${JSON.stringify(baseline, null, 2)}\n`);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Problem("usage", `The baseline cannot be written: ${reason}.`, "Check --baseline.", { cause });
  }
}

async function contentsOf(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Problem("config", `${file}: ${reason}.`, "Correct it and run again.", { cause });
  }
}
