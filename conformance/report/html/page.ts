import { readFileSync } from "node:fs";
import type { CaseResult, Status } from "../../engine/index.ts";
import { type RunReport, statuses } from "../run-report.ts";
import { byReason, duration, summaryOf } from "../summary.ts";
import { byTopic } from "../topics.ts";
import { caseView, statusNames } from "./case-view.ts";
import { html, type Markup, raw } from "./markup.ts";

const style = readFileSync(new URL("./page.css", import.meta.url), "utf8");
const script = readFileSync(new URL("./page-script.js", import.meta.url), "utf8");

/**
 * The report as one HTML page that needs no network: the verdict, every case at a glance, and for each all that is
 * known. It can be read without JavaScript, which only adds the filters.
 */
export function htmlPage(report: RunReport): string {
  const { word } = summaryOf(report);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<title>${word}: ${report.subject}</title>
<style>${raw(style)}</style>
</head>
<body>
<a class="skip" href="#findings">Skip to the cases</a>
${[header(report), filters(report), overview(report)]}<main id="findings">
${[findings(report), others(report), untried(report)]}<p class="nothing" hidden>No case is like that.</p>
</main>
<footer>${report.tool.name} ${report.tool.version}. Everything happened on a local chain with play money. Keys, credentials and signatures are left out.</footer>
<script>${raw(script)}</script>
</body>
</html>
`.text;
}

function header(report: RunReport): Markup {
  const { verdict, word, sentence } = summaryOf(report);
  const { selection, notices = [] } = report;
  const version = selection.set ?? selection.protocol;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["Started", `${report.startedAt.replace("T", " ").replace(/\..*/, "")} UTC`],
    ["Took", duration(report.durationMs)],
    ["Version", version],
    [
      "Part",
      selection.shard === undefined ? undefined : `${selection.shard.index} of ${selection.shard.count}`,
    ],
    ["Only", selection.only?.join(" ")],
    ["Without", selection.skip?.join(" ")],
    ["Seed", report.seed],
  ];
  return html`<header class="${verdict}">
<p class="eyebrow">x402-assay · ${report.suite}</p>
<h1>${word}</h1>
<p class="subject"><code>${report.subject}</code></p>
<p class="lead">${sentence}</p>
<dl class="facts">${facts.map(([name, value]) => (value === undefined ? undefined : html`<div><dt>${name}</dt><dd>${value}</dd></div>`))}</dl>
${(report.baseline?.stale ?? []).map((entry) => html`<p class="notice">Stale in the baseline: <code>${entry.case}</code>: ${entry.why}</p>`)}${notices.map((notice) => html`<p class="notice">${notice}</p>`)}
</header>
`;
}

/** Every case as a small square, by topic. */
function overview(report: RunReport): Markup {
  const rows = byTopic(report).map(
    ({ title, cases }) =>
      html`<div class="row"><h3>${title} <span>${cases.length}</span></h3><ul class="cells">${cases.map(cell)}</ul></div>`,
  );
  return html`<section class="overview" aria-label="All cases at a glance"><h2>All cases</h2>${rows}</section>
`;
}

function cell({ id, status, title, known }: CaseResult): Markup {
  const { mark, name } = statusNames[status];
  return html`<li><a class="cell ${status}${known ? " known" : ""}" href="#${id}" data-status="${status}" title="${name}: ${title}"><span aria-hidden="true">${mark}</span><span class="unseen">${name}: ${title}</span></a></li>`;
}

/** Without JavaScript they tell the counts. */
function filters({ totals }: RunReport): Markup {
  const buttons = statuses
    .filter((status) => totals[status] > 0)
    .map((status) => filterButton(status, totals[status]));
  return html`<section class="filters" aria-label="Filters"><div class="statuses">${buttons}</div><label class="search" hidden><span>Search</span><input type="search" placeholder="word, id or rule" autocomplete="off"><kbd>/</kbd></label><p class="unseen" role="status" id="shown"></p></section>
`;
}

function filterButton(status: Status, count: number): Markup {
  const { mark, name } = statusNames[status];
  return html`<button type="button" class="filter ${status}" data-status="${status}" aria-pressed="false"><span aria-hidden="true">${mark}</span> <b>${count}</b> ${name}</button>`;
}

const urgent: readonly { readonly title: string; readonly has: (verdict: CaseResult) => boolean }[] = [
  { title: "Broken rules", has: ({ status, known }) => status === "fail" && known === undefined },
  { title: "Faults of the suite", has: ({ status }) => status === "error" },
  { title: "Nothing proven", has: ({ status, known }) => status === "inconclusive" && known === undefined },
  { title: "Known failures", has: ({ known }) => known !== undefined },
  { title: "Warnings", has: ({ status }) => status === "warn" },
];

/** What needs to be looked at, the worst first. */
function findings({ cases }: RunReport): Markup | undefined {
  const groups = urgent.flatMap(({ title, has }) => {
    const found = cases.filter(has);
    return found.length === 0
      ? []
      : [html`<section class="topic"><h3>${title}</h3>${found.map(caseView)}</section>`];
  });
  if (groups.length === 0) return undefined;
  return html`<section class="group"><h2>To look at</h2>${groups}</section>
`;
}

function others(report: RunReport): Markup | undefined {
  const groups = byTopic({ cases: report.cases.filter(({ status }) => status === "pass") });
  if (groups.length === 0) return undefined;
  const topics = groups.map(
    ({ title, cases }) => html`<section class="topic"><h3>${title}</h3>${cases.map(caseView)}</section>`,
  );
  return html`<section class="group"><h2>Passed</h2>${topics}</section>
`;
}

/** Many cases are often left out for one reason: told once. */
function untried(report: RunReport): Markup | undefined {
  const reasons = byReason("not-applicable", report);
  if (reasons.length === 0) return undefined;
  const groups = reasons.map(
    ([reason, cases]) => html`<section class="topic"><h3>${reason}</h3>${cases.map(caseView)}</section>`,
  );
  return html`<section class="group"><h2>Not applicable</h2>${groups}</section>
`;
}
