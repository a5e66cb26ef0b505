import { differences, type LoadReport, loadExitCode } from "../../conformance/load/index.ts";
import type { Injected } from "./injection.ts";
import { growthOf, isFlat, type MemorySample } from "./memory.ts";
import { digestOf, type ScheduledFault } from "./schedule.ts";

/** What a soak came to. */
export interface Account {
  /** What was planned, and what was switched on. */
  readonly faults: readonly ScheduledFault[];
  readonly injected: readonly Injected[];
  readonly report: LoadReport;
  /** The honest sales at the end, after everything was made good. */
  readonly last: LoadReport;
  readonly samples: readonly MemorySample[];
  /** Transactions of the facilitator that no block has taken. */
  readonly waiting: number;
}

/** One thing that has to hold. */
interface Item {
  readonly title: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Whether everything holds that a soak has to show. */
export function closes(account: Account): boolean {
  return itemsOf(account).every(({ ok }) => ok);
}

/** The closing account, for people. */
export function accountLines(account: Account): string[] {
  const { injected, faults } = account;
  const reached = injected.filter((fault) => fault.reached > 0).length;
  return [
    `faults: ${injected.length} of ${faults.length} injected, ${digestOf(injected)}; ${reached} of them met a call`,
    ...itemsOf(account).map(({ title, ok, detail }) => `${ok ? "✓" : "✗"} ${title}: ${detail}`),
    closes(account) ? "THE ACCOUNT CLOSES" : "THE ACCOUNT DOES NOT CLOSE",
  ];
}

function itemsOf({ report, last, samples, waiting }: Account): Item[] {
  const found = report.audit?.differences ?? [];
  const of = (kind: keyof typeof differences) => found.find((each) => each.kind === kind)?.count ?? 0;
  const none = (title: string, kind: keyof typeof differences): Item => ({
    title,
    ok: of(kind) === 0,
    detail: `${of(kind)} ${differences[kind]}`,
  });
  const { deliveries = 0, transfers = 0, spent = "0", transferred = "" } = report.audit ?? {};
  const left = report.begun - report.outcomes.reduce((sum, { count }) => sum + count, 0);
  return [
    none(`no delivery without transfer (${deliveries} deliveries)`, "delivered-unsettled"),
    none(`no transfer without delivery or receipt (${transfers} transfers)`, "settled-undelivered"),
    none("no transfer that nobody signed for", "transfer-unexplained"),
    {
      title: "spent is what was transferred",
      ok: spent === transferred,
      detail: `${spent} of ${transferred}`,
    },
    { title: "no purchase is left", ok: left === 0, detail: `${left} of ${report.begun} never ended` },
    { title: "no transaction waits", ok: waiting === 0, detail: `${waiting} of the facilitator's` },
    {
      title: "the seller sells as before",
      ok: loadExitCode(last) === 0 && last.outcomes.every(({ kind }) => kind === "delivered"),
      detail: last.outcomes.map(({ kind, count }) => `${count} ${kind}`).join(", "),
    },
    { title: "memory is flat", ok: isFlat(samples), detail: memoryDetail(samples) },
  ];
}

function memoryDetail(samples: readonly MemorySample[]): string {
  const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  const held = samples.map((sample) => sample.held);
  const { resident = 0 } = samples.at(-1) ?? {};
  return `held ${mib(Math.min(...held))} to ${mib(Math.max(...held))}, ${mib(growthOf(samples))} more in the last quarter than in the second; resident ${mib(resident)}`;
}
