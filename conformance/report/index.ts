/** The door of the reports. */
export { summaryLines, verdictLines } from "./console.ts";
export { type ExitCode, exitCodeOf, type RunReport, totalsOf } from "./run-report.ts";
export { type ReportOrder, reportFormats, writeReport } from "./write.ts";
