import type { CaseResult } from "../engine/index.ts";
import { register } from "../requirements/index.ts";
import type { RunReport } from "./run-report.ts";
import { byReason, duration, knownText, summaryOf } from "./summary.ts";
import { byTopic } from "./topics.ts";

/** Most findings that are told in full: GitHub refuses summaries of more than a megabyte. */
const mostDetails = 50;

/** Most characters of one text. */
const longest = 2_000;

const marks = { conformant: "✅", "not-conformant": "❌", incomplete: "❓", fault: "💥" } as const;

/** The report as Markdown, for the summary of a step or a comment. */
export function markdown(report: RunReport): string {
  const { verdict, word, sentence, counts } = summaryOf(report);
  const findings = report.cases.filter(({ status }) => !["pass", "not-applicable"].includes(status));
  return [
    `## ${marks[verdict]} ${word}`,
    "",
    `${capital(report.suite)} \`${inCode(report.subject)}\`: ${sentence}`,
    "",
    `${counts}; ${duration(report.durationMs)}; seed \`${inCode(report.seed)}\``,
    "",
    ...(report.notices ?? []).flatMap((notice) => [`> ${html(notice).replaceAll("\n", "  \n> ")}`, ""]),
    ...topicTable(report),
    ...findings.slice(0, mostDetails).flatMap(findingLines),
    ...(findings.length > mostDetails ? [`… and ${findings.length - mostDetails} more.`, ""] : []),
    ...(report.baseline?.stale ?? []).map(
      (entry) => `- Stale in the baseline: \`${inCode(entry.case)}\`: ${html(entry.why)}`,
    ),
    ...notApplicableLines(report),
  ].join("\n");
}

function topicTable(report: RunReport): string[] {
  const rows = byTopic(report).map(({ title, cases }) => {
    const count = (...wanted: CaseResult["status"][]) =>
      cases.filter(({ status }) => wanted.includes(status)).length || "";
    return `| ${title} | ${count("pass")} | ${count("fail")} | ${count("warn")} | ${count("inconclusive", "error")} | ${count("not-applicable")} |`;
  });
  return [
    "| Topic | pass | fail | warn | unproven | not applicable |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
    ...rows,
    "",
  ];
}

function findingLines(verdict: CaseResult): string[] {
  const { id, status, title, requirement, level, message, expected, actual, replay, known } = verdict;
  const rule = register.get(requirement);
  const source = rule?.citation ? ` <sub>${html(rule.citation)}</sub>` : "";
  return [
    `<details${status === "fail" && !known ? " open" : ""}><summary><b>${status}</b>${known ? " (known)" : ""} <code>${html(id)}</code> ${html(title)}</summary>`,
    "",
    `**Rule** ${requirement} (${html(level)}): ${html(rule?.statement ?? "")}${source}`,
    "",
    ...(known === undefined ? [] : [html(knownText(known)), ""]),
    ...(message === undefined ? [] : [html(message), ""]),
    ...(expected === undefined ? [] : ["Expected", ...block(expected)]),
    ...(actual === undefined ? [] : ["Actual", ...block(actual)]),
    ...(replay === undefined ? [] : ["Repeat it", ...block(replay, "sh")]),
    "</details>",
    "",
  ];
}

function notApplicableLines(report: RunReport): string[] {
  const reasons = byReason("not-applicable", report);
  if (reasons.length === 0) return [];
  const lines = reasons.map(
    ([reason, cases]) => `- ${cases.length === 1 ? "1 case" : `${cases.length} cases`}: ${html(reason)}`,
  );
  return ["**Not applicable**", "", ...lines, ""];
}

/** A fence that is longer than any in the text cannot be closed by it. */
function block(text: string, language = ""): string[] {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  const ticks = Math.max(3, ...[...cut.matchAll(/`+/g)].map(([run]) => run.length + 1));
  const fence = "`".repeat(ticks);
  return ["", `${fence}${language}`, cut, fence, ""];
}

function inCode(text: string): string {
  return text.replaceAll("`", "'").replace(/\s+/g, " ");
}

/** Text of a program under test must not become markup, links or mentions. */
function html(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[\\`*_[\]|#@]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/\s+/g, " ");
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
