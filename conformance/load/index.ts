/** The door of the load runner: many paid loops at once, and the books held against the chain. */
export { type Audit, differences } from "./audit.ts";
export { loadLines, progressLine } from "./console.ts";
export { type LoadOptions, type Progress, runLoad } from "./load.ts";
export { mergeLoads, readLoadReports } from "./merge.ts";
export { loadPayers, type NamedPayer } from "./payers.ts";
export { type LoadReport, loadExitCode, loadReportSchema, type Shard } from "./report.ts";
export type { LoadTarget } from "./stage.ts";
