import type { CaseResult } from "../../engine/index.ts";
import { exitCodeOf, type RunReport, totalsOf } from "../run-report.ts";

/** A verdict on `seller.x.<name>`. */
export function verdict(
  name: string,
  status: CaseResult["status"],
  more: Partial<CaseResult> = {},
): CaseResult {
  return {
    id: `seller.x.${name}`,
    role: "seller",
    requirement: "S-RPL-01",
    level: "MUST*",
    status,
    title: `The case ${name}`,
    durationMs: 1,
    ...(status === "pass" ? {} : { message: `It came to ${status}.` }),
    ...more,
  };
}

/** The report of a run that came to these verdicts. */
export function reportOf(cases: readonly CaseResult[], more: Partial<RunReport> = {}): RunReport {
  return {
    schemaVersion: 1,
    tool: { name: "x402-assay", version: "0.0.0" },
    suite: "seller",
    subject: "a seller",
    seed: "1",
    selection: {},
    startedAt: "2026-11-21T12:00:00.000Z",
    durationMs: 1_000,
    exitCode: exitCodeOf({ cases }),
    totals: totalsOf(cases),
    cases,
    ...more,
  };
}
