import { existsSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { InvalidArgumentError } from "commander";
import { Problem } from "#sandbox";
import { type ReportOrder, reportFormats } from "../report/index.ts";

/** Reads `FORMAT=FILE`; the flag may be given several times. */
export function reportOrder(text: string, previous: readonly ReportOrder[] = []): ReportOrder[] {
  const [, name, file] = /^(\w+)=(.+)$/.exec(text) ?? [];
  const format = reportFormats.find((known) => known === name);
  if (format === undefined || file === undefined) {
    throw new InvalidArgumentError(
      `Expected FORMAT=FILE with one of the formats ${reportFormats.join(", ")}, e.g. json=report.json.`,
    );
  }
  return [...previous, { format, file }];
}

/**
 * Makes sure before the run that its reports can be written; what the files hold now stays until then.
 *
 * @throws Problem `usage`
 */
export async function requireWritable(orders: readonly ReportOrder[]): Promise<void> {
  for (const { format, file } of orders) {
    const isNew = !existsSync(file);
    try {
      await (await open(file, "a")).close();
      if (isNew) await rm(file);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Problem("usage", `The ${format} report cannot be written: ${reason}.`, "Check --report.", {
        cause,
      });
    }
  }
}
