import { existsSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { z } from "zod";
import { Problem } from "#sandbox";

interface UpdateFlags {
  readonly baseline: string;
  readonly reason?: string;
  readonly expires?: string;
}

/** `x402-assay baseline update REPORT.json…`: brings a baseline up to what runs found. */
export function baselineCommand(): Command {
  return new Command("baseline")
    .description("failures that are known, and accepted for now")
    .addCommand(updateCommand());
}

function updateCommand(): Command {
  return new Command("update")
    .description("write what fails in JSON reports into a baseline; what stays keeps its reason and expiry")
    .argument("<report.json...>", "reports of --report json=FILE")
    .requiredOption("--baseline <file>", "baseline to write")
    .option("--reason <text>", "why new entries are accepted; what the case found without it")
    .option("--expires <date>", "last day on which new entries are accepted, YYYY-MM-DD", day)
    .action(update);
}

async function update(files: readonly string[], { baseline: file, ...fresh }: UpdateFlags): Promise<void> {
  const { emptyBaseline, loadBaseline, saveBaseline, updatedBaseline } = await import("../baseline/index.ts");
  const { readReport } = await import("../report/index.ts");
  const reports = await Promise.all(files.map(readReport));
  if (reports.some(({ exitCode }) => exitCode === 4)) {
    throw new Problem(
      "usage",
      "A report tells of a fault of the suite, which no baseline accepts.",
      "Run again.",
    );
  }
  const before = existsSync(file) ? await loadBaseline(file) : emptyBaseline;
  const { baseline, added, kept, removed } = updatedBaseline(before, reports, fresh);
  await saveBaseline(file, baseline);
  for (const id of added) console.log(`+ ${id}`);
  for (const id of removed) console.log(`- ${id}`);
  console.log(`${file}: ${added.length} added, ${kept.length} kept, ${removed.length} removed.`);
}

function day(text: string): string {
  if (z.iso.date().safeParse(text).success) return text;
  throw new InvalidArgumentError("Expected a day such as 2027-01-31.");
}
