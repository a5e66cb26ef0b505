import { InvalidArgumentError } from "commander";
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
