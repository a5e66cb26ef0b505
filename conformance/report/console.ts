import { colors } from "../colors.ts";
import type { CaseResult, Status } from "../engine/index.ts";
import { register } from "../requirements/index.ts";
import { exchangeText } from "./exchange-text.ts";
import type { RunReport } from "./run-report.ts";
import { byReason, duration, knownText, type Summary, summaryOf } from "./summary.ts";
import type { WrittenReport } from "./write.ts";

/** Most characters of a body or header value. */
const longest = 600;

/** Most broken rules that the last lines name once more. */
const mostNamed = 12;

/** The mark of a status, in its colour. */
export const marks: Readonly<Record<Status, string>> = {
  pass: colors.green("✓"),
  fail: colors.red("✗"),
  warn: colors.yellow("!"),
  inconclusive: colors.yellow("?"),
  "not-applicable": colors.dim("–"),
  error: colors.magenta("‼"),
};

/** One verdict as it comes: a line, and what to make of it; of that only a sentence where `isBrief`. */
export function verdictLines(verdict: CaseResult, { isBrief = false } = {}): string {
  const head = `${marks[verdict.status]} ${verdict.id} ${colors.dim(verdict.title)}`;
  if (verdict.status === "pass")
    return verdict.message === undefined ? head : `${head}\n    ${colors.dim(verdict.message)}`;
  if (verdict.known !== undefined)
    return `${head}\n    ${colors.dim(`${verdict.status}, ${knownText(verdict.known)}`)}`;
  if (verdict.status === "not-applicable" || isBrief)
    return `${head}\n    ${colors.dim(`${verdict.status}: ${verdict.message}`)}`;
  const lines = verdict.status === "inconclusive" ? unprovenLines(verdict) : evidenceLines(verdict);
  return [head, ...lines.map((line) => `    ${line}`)].join("\n");
}

/** What stood in the way of a case, and where to look for it. */
function unprovenLines(verdict: CaseResult): string[] {
  return [
    `${verdict.status}: ${verdict.message ?? ""}`,
    ...exchangeLines(verdict),
    ...(verdict.replay === undefined ? [] : [`repeat    ${verdict.replay}`]),
  ];
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

/** The last exchange is nearly always the one that matters; the other reports have all of them. */
function exchangeLines({ exchanges = [] }: CaseResult): string[] {
  const last = exchanges.at(-1);
  if (last === undefined) return [];
  const { request, answer } = exchangeText(last, longest);
  const indented = (text: string) => text.split("\n").map((line) => colors.dim(`          ${line}`));
  return [
    `exchange  ${exchanges.length} of ${exchanges.length}, ${last.label}`,
    ...indented(request),
    colors.dim("          →"),
    ...indented(answer),
  ];
}

/** The last lines of a run: what was not tried, verdict, counts, time, the reports' files, what to do next. */
export function summaryLines(report: RunReport, written: readonly WrittenReport[]): string {
  const summary = summaryOf(report);
  const { subject, durationMs, seed } = report;
  return [
    ...reasonLines("not applicable", "not-applicable", report),
    ...reasonLines("nothing proven", "inconclusive", report),
    "",
    `${paint(summary)}  ${subject}`,
    ...brokenLines(report),
    ...staleLines(report),
    `${summary.counts}; ${duration(durationMs)}; seed ${seed}`,
    ...written.map(
      ({ format, file, leftOut }) =>
        `report    ${format.padEnd(6)} ${leftOut === undefined ? file : `not written: ${leftOut}`}`,
    ),
    `next      ${nextStep(report, written)}`,
  ].join("\n");
}

/** The verdicts of one status by what they say, each reason once. */
function reasonLines(title: string, status: Status, report: RunReport): string[] {
  const reasons = byReason(status, report);
  if (reasons.length === 0) return [];
  const lines = reasons.map(([reason, verdicts]) => {
    const which = verdicts.length === 1 ? verdicts[0]?.id : `${verdicts.length} cases`;
    return `  ${marks[status]} ${which}: ${reason}`;
  });
  return ["", title, ...lines.map((line) => colors.dim(line))];
}

/** The verdicts stand far above, one beside the other: named once more in one place. */
function brokenLines({ cases }: RunReport): string[] {
  const broken = cases.filter(({ status, known }) => (status === "fail" && !known) || status === "error");
  const named = broken
    .slice(0, mostNamed)
    .map(({ status, id, title }) => `  ${marks[status]} ${id} ${colors.dim(title)}`);
  return broken.length > mostNamed ? [...named, `  … and ${broken.length - mostNamed} more`] : named;
}

function staleLines({ baseline }: RunReport): string[] {
  const { file = "", stale = [] } = baseline ?? {};
  return stale.map((entry) => `  ${colors.yellow("!")} ${file}: ${entry.case}: ${entry.why}`);
}

function nextStep(report: RunReport, written: readonly WrittenReport[]): string {
  const html = written.find(({ format }) => format === "html")?.file;
  const see = html === undefined ? "--report html=report.html shows every exchange" : `open ${html}`;
  switch (report.exitCode) {
    case 0:
      return `${see}.`;
    case 1: {
      const broken = report.cases.find(({ status, known }) => status === "fail" && !known);
      if (broken === undefined)
        return `bring the baseline up to date: x402-assay baseline update REPORT.json --baseline ${report.baseline?.file}`;
      return `${see}; x402-assay conformance explain ${broken.id} tells why it is a rule.`;
    }
    case 3:
      return afterNothingProven(report, see);
    case 4:
      return "please report it, with what stands above.";
  }
}

/** What most cases stumbled over has to be mended first. */
function afterNothingProven(report: RunReport, see: string): string {
  const [[, [first] = []] = []] = byReason("inconclusive", report);
  if (first === undefined) return "give what the cases above need.";
  const mend = `mend what stands under "nothing proven", most frequent first; ${see}`;
  return first.replay === undefined ? `${mend}.` : `${mend}; to repeat one case: ${first.replay}`;
}

function paint({ verdict, word }: Summary): string {
  const tone = {
    conformant: colors.green,
    "not-conformant": colors.red,
    incomplete: colors.yellow,
    fault: colors.magenta,
  }[verdict];
  return tone(colors.bold(word));
}
