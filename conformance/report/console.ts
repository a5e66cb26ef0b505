import pc from "picocolors";
import type { CaseResult, Status } from "../engine/index.ts";
import { register } from "../requirements/index.ts";
import type { RunReport } from "./run-report.ts";

const marks: Readonly<Record<Status, string>> = {
  pass: pc.green("✓"),
  fail: pc.red("✗"),
  warn: pc.yellow("!"),
  inconclusive: pc.yellow("?"),
  "not-applicable": pc.dim("–"),
  error: pc.magenta("‼"),
};

/** One verdict as it comes: a line, and what to make of it. */
export function verdictLines(verdict: CaseResult): string {
  const head = `${marks[verdict.status]} ${verdict.id} ${pc.dim(verdict.title)}`;
  if (verdict.status === "pass")
    return verdict.message === undefined ? head : `${head}\n    ${pc.dim(verdict.message)}`;
  if (verdict.status === "not-applicable" || verdict.status === "inconclusive")
    return `${head}\n    ${pc.dim(`${verdict.status}: ${verdict.message}`)}`;
  return [head, ...evidenceLines(verdict).map((line) => `    ${line}`)].join("\n");
}

function evidenceLines(verdict: CaseResult): string[] {
  const rule = register.get(verdict.requirement);
  const citation = rule?.citation ? ` (${rule.citation})` : "";
  return [
    `${verdict.status}: ${verdict.message ?? ""}`,
    `rule      ${verdict.requirement} ${verdict.level}: ${rule?.statement ?? ""}${citation}`,
    ...(verdict.expected === undefined ? [] : [`expected  ${verdict.expected}`]),
    ...(verdict.actual === undefined ? [] : [`actual    ${verdict.actual}`]),
    ...exchangeLines(verdict),
    ...(verdict.replay === undefined ? [] : [`repeat    ${verdict.replay}`]),
  ];
}

/** The last exchange is nearly always the one that matters; the JSON report has all of them. */
function exchangeLines({ exchanges = [] }: CaseResult): string[] {
  const last = exchanges.at(-1);
  if (last === undefined) return [];
  const indented = (text: string) => text.split("\n").map((line) => pc.dim(`          ${line}`));
  return [
    `exchange  ${exchanges.length} of ${exchanges.length}, ${last.label}`,
    ...indented(last.request),
    pc.dim("          →"),
    ...indented(last.answer),
  ];
}

/** The last lines of a run: verdict, counts, time, what to do next. */
export function summaryLines(report: RunReport): string {
  const { totals, durationMs, seed, subject } = report;
  const counts = Object.entries(totals)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${count} ${status}`)
    .join(", ");
  return [
    "",
    `${verdictWord(report)}  ${subject}`,
    `${counts}; ${(durationMs / 1000).toFixed(1)} s; seed ${seed}`,
  ].join("\n");
}

function verdictWord({ exitCode }: RunReport): string {
  switch (exitCode) {
    case 0:
      return pc.green(pc.bold("CONFORMANT"));
    case 1:
      return pc.red(pc.bold("NOT CONFORMANT"));
    case 3:
      return pc.yellow(pc.bold("INCOMPLETE"));
    case 4:
      return pc.magenta(pc.bold("FAULT OF THE SUITE"));
  }
}
