import { formatUnits } from "viem";
import { colors } from "../colors.ts";
import { type Audit, differences } from "./audit.ts";
import { type Step, steps } from "./latencies.ts";
import type { Progress } from "./load.ts";
import { type LoadReport, loadExitCode } from "./report.ts";

const stepTitles: Readonly<Record<Step, string>> = {
  wait: "wait for a free lane",
  challenge: "challenge",
  sign: "sign",
  answer: "paid answer",
  loop: "whole loop",
};

/** How a load stands, in one line. */
export function progressLine({ elapsedMs, good, other, underWay, perSecond, p95Ms }: Progress): string {
  return [
    `${(elapsedMs / 1_000).toFixed(0)} s`,
    `${good} done`,
    `${perSecond.toFixed(0)}/s`,
    `${underWay} under way`,
    ...(p95Ms === undefined ? [] : [`p95 ${ms(p95Ms)}`]),
    ...(other === 0 ? [] : [colors.yellow(`${other} otherwise`)]),
  ].join("  ");
}

/** The whole report for people. */
export function loadLines(report: LoadReport): string {
  const { subject, durationMs, perSecond, begun, neverBegun, agents, concurrency, rate, seeds, interrupted } =
    report;
  const pace = rate === undefined ? "" : `, ${rate} due per second`;
  const unit = report.paid ? "paid loops" : "challenges";
  return [
    `${colors.bold(subject)}  ${agents.length} agents, ${concurrency} at once${pace}, seed ${seeds.join(", ")}`,
    ...shardLines(report),
    ...(interrupted ? [colors.yellow("ended before its time")] : []),
    "",
    `${colors.bold(perSecond.toFixed(1))} ${unit} per second; ${begun} begun in ${(durationMs / 1_000).toFixed(1)} s`,
    ...(neverBegun === 0
      ? []
      : [colors.yellow(`${neverBegun} more were due and never begun: everything was busy (--concurrency)`)]),
    "",
    ...stepLines(report),
    "",
    ...outcomeLines(report),
    "",
    ...(report.audit === undefined ? [] : auditLines(report.audit)),
    verdictLine(report),
  ].join("\n");
}

function shardLines({ shards: { present, missing, count } }: LoadReport): string[] {
  if (count === 1) return [];
  const note = missing.length === 0 ? "" : colors.yellow(`; missing: ${missing.join(", ")}`);
  return [`worker ${present.join(", ")} of ${count}${note}`];
}

function stepLines({ steps: times }: LoadReport): string[] {
  const row = (title: string, cells: readonly string[]) =>
    `${title.padEnd(22)}${cells.map((cell) => cell.padStart(11)).join("")}`;
  const rows = steps.flatMap((step) => {
    const found = times[step];
    // Without a rate nobody waits.
    if (found === undefined || (step === "wait" && found.max < 1)) return [];
    const { p50, p95, p99, max } = found;
    return [row(stepTitles[step], [ms(p50), ms(p95), ms(p99), ms(max)])];
  });
  return [colors.dim(row("", ["p50", "p95", "p99", "max"])), ...rows];
}

function outcomeLines({ outcomes }: LoadReport): string[] {
  return outcomes.map(({ kind, count, example }) => {
    const why = example === undefined ? "" : colors.dim(`  ${example}`);
    return `${kind.padEnd(30)}${String(count).padStart(8)}${why}`;
  });
}

function auditLines({
  deliveries,
  transfers,
  owed,
  transferred,
  spent,
  differences: found,
}: Audit): string[] {
  return [
    `deliveries${String(deliveries).padStart(28)}   ${usdc(owed)}`,
    `settled transfers${String(transfers).padStart(21)}   ${usdc(transferred)}`,
    `spent${"".padStart(33)}   ${usdc(spent)}`,
    ...found.flatMap(({ kind, count, amount, examples }) => [
      colors.red(`✗ ${count} × ${usdc(amount)} in all: ${differences[kind]} (${kind})`),
      ...examples.map((example) => colors.dim(`    ${example}`)),
    ]),
  ];
}

function verdictLine(report: LoadReport): string {
  switch (loadExitCode(report)) {
    case 0:
      return report.audit === undefined ? colors.green("DONE") : colors.green(colors.bold("BALANCED"));
    case 1:
      return colors.red(colors.bold("NOT BALANCED"));
    case 3: {
      const { missing } = report.shards;
      const why =
        missing.length > 0 ? `results of workers ${missing.join(", ")} are missing` : "nothing was bought";
      return colors.yellow(`${colors.bold("INCOMPLETE")}: ${why}`);
    }
  }
}

function ms(milliseconds: number): string {
  return `${milliseconds >= 100 ? milliseconds.toFixed(0) : milliseconds.toPrecision(3)} ms`;
}

/** Atomic units, in digits, as USDC. */
function usdc(atomic: string): string {
  return `${formatUnits(BigInt(atomic), 6)} USDC`;
}
