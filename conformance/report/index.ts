/** The door of the reports. */
export { summaryLines, verdictLines } from "./console.ts";
export { type Change, diffOf } from "./diff.ts";
export { reportJsonSchema } from "./json-schema.ts";
export { mergedReport } from "./merge.ts";
export { readReport } from "./read.ts";
export { type Redact, redactedCase, redactor, type Secrets } from "./redact.ts";
export { openRunConsole } from "./run-console.ts";
export { type ExitCode, exitCodeOf, type RunReport, type StaleEntry, totalsOf } from "./run-report.ts";
export { tool } from "./tool.ts";
export { type ReportOrder, reportFormats, unwritable, writeReports } from "./write.ts";
