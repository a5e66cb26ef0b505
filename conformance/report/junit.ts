import { create } from "xmlbuilder2";
import type { XMLBuilder } from "xmlbuilder2/lib/interfaces.js";
import type { CaseResult } from "../engine/index.ts";
import { register } from "../requirements/index.ts";
import { exchangeText } from "./exchange-text.ts";
import type { RunReport } from "./run-report.ts";
import { knownText } from "./summary.ts";
import { byTopic } from "./topics.ts";

/** Most characters of a body or header value, and most exchanges of a case. */
const longest = 2_000;
const mostExchanges = 10;

/**
 * The report as JUnit XML, as GitLab, Jenkins and the readers on GitHub take it: one suite per topic. What is
 * inconclusive or a fault of the suite is an `error`; a warning passes, and says why in `system-out`; what the baseline
 * knows of is `skipped`, and says why.
 */
export function junit(report: RunReport): string {
  const root = create({ version: "1.0", encoding: "UTF-8", invalidCharReplacement: "\u{fffd}" }).ele(
    "testsuites",
    {
      name: `x402-assay ${report.suite}: ${report.subject}`,
      ...counts(report.cases),
      time: seconds(report.durationMs),
    },
  );
  for (const { title, cases } of byTopic(report)) {
    const suite = root.ele("testsuite", {
      name: title,
      ...counts(cases),
      skipped: cases.filter(({ status, known }) => status === "not-applicable" || known !== undefined).length,
      time: seconds(cases.reduce((sum, { durationMs }) => sum + durationMs, 0)),
      timestamp: report.startedAt.replace(/\..*$/, ""),
      hostname: "localhost",
    });
    for (const verdict of cases) addCase(suite, verdict);
  }
  return `${root.end({ prettyPrint: true })}\n`;
}

function addCase(suite: XMLBuilder, verdict: CaseResult): void {
  const { id, status, title, message = "", durationMs } = verdict;
  const classname = id.slice(0, id.lastIndexOf("."));
  const element = suite.ele("testcase", {
    classname,
    name: `${id.slice(classname.length + 1)}: ${title}`,
    time: seconds(durationMs),
  });
  if (verdict.known !== undefined) {
    element.ele("skipped", { message: `${status}, ${knownText(verdict.known)}` });
    return;
  }
  const attributes = { message: message, type: status };
  switch (status) {
    case "pass":
      return;
    case "not-applicable":
      element.ele("skipped", { message: attributes.message });
      return;
    case "warn":
      element.ele("system-out").txt(`warning: ${message}\n${details(verdict)}`);
      return;
    case "fail":
      element.ele("failure", attributes).txt(details(verdict));
      return;
    case "inconclusive":
    case "error":
      element.ele("error", attributes).txt(details(verdict));
  }
}

function details({ requirement, level, expected, actual, replay, exchanges = [] }: CaseResult): string {
  const rule = register.get(requirement);
  const shown = exchanges.slice(-mostExchanges).map((exchange) => {
    const { request, answer } = exchangeText(exchange, longest);
    return `--- ${exchange.label}\n${request}\n\n${answer}\n`;
  });
  return [
    `rule: ${requirement} ${level}: ${rule?.statement ?? ""}`,
    ...(rule?.citation ? [`source: ${rule.citation}`] : []),
    ...(expected === undefined ? [] : [`expected: ${expected}`]),
    ...(actual === undefined ? [] : [`actual: ${actual}`]),
    ...(replay === undefined ? [] : [`repeat: ${replay}`]),
    "",
    ...shown,
  ].join("\n");
}

function counts(all: readonly CaseResult[]) {
  const cases = all.filter(({ known }) => known === undefined);
  return {
    tests: all.length,
    failures: cases.filter(({ status }) => status === "fail").length,
    errors: cases.filter(({ status }) => status === "error" || status === "inconclusive").length,
  };
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}
