import { Command } from "commander";
import type { Change, ReportOrder } from "../report/index.ts";
import { reportOption, requireWritable } from "./report-order.ts";

/** `x402-assay report diff | merge`: works with JSON reports. */
export function reportCommand(): Command {
  return new Command("report")
    .description("compare or put together JSON reports of conformance runs")
    .addCommand(diffCommand())
    .addCommand(mergeCommand());
}

function diffCommand(): Command {
  return new Command("diff")
    .description(
      "tell what changed from one run to another; exit code 1 when a case fails that did not before",
    )
    .argument("<before.json>")
    .argument("<after.json>")
    .option("--json", "print JSON")
    .action(async (before: string, after: string, { json }: { json?: true }) => {
      const { diffOf, readReport } = await import("../report/index.ts");
      const diff = diffOf(await readReport(before), await readReport(after));
      if (json) console.log(JSON.stringify(diff, null, 2));
      else console.log(diffLines(diff.broken, diff.mended, diff.others));
      process.exitCode = diff.broken.length > 0 ? 1 : 0;
    });
}

function diffLines(broken: readonly Change[], mended: readonly Change[], others: readonly Change[]): string {
  const line = ({ id, title, before, after }: Change) => `  ${id}: ${before} → ${after}  ${title}`;
  const group = (title: string, changes: readonly Change[]) =>
    changes.length === 0 ? [] : [`${title} (${changes.length})`, ...changes.map(line), ""];
  const lines = [...group("broken", broken), ...group("mended", mended), ...group("other changes", others)];
  return lines.length === 0 ? "Every case came to the same verdict." : lines.join("\n").trimEnd();
}

function mergeCommand(): Command {
  return new Command("merge")
    .description("put the reports of all shards of a run together; the exit code is that of the whole run")
    .argument("<shard.json...>", "JSON report of each shard")
    .addOption(reportOption())
    .action(async (files: readonly string[], { report: orders = [] }: { report?: ReportOrder[] }) => {
      await requireWritable(orders);
      const [{ mergedReport, readReport, summaryLines, writeReports }, { caseOrder }] = await Promise.all([
        import("../report/index.ts"),
        import("../suites.ts"),
      ]);
      const shards = await Promise.all(files.map(async (file) => ({ file, report: await readReport(file) })));
      const whole = mergedReport(shards, caseOrder());
      process.exitCode = whole.exitCode;
      console.log(summaryLines(whole, await writeReports(whole, orders)).trimStart());
    });
}
