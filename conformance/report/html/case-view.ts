import { formatUnits } from "viem";
import { catalogue } from "#sandbox";
import type {
  CaseResult,
  ExchangeRecord,
  FacilitatorCallRecord,
  Status,
  TransferRecord,
} from "../../engine/index.ts";
import { type Level, register } from "../../requirements/index.ts";
import { exchangeText } from "../exchange-text.ts";
import { knownText } from "../summary.ts";
import { timelineOf } from "../timeline.ts";
import { html, type Markup } from "./markup.ts";
import { timelineSvg } from "./timeline-svg.ts";

/** Most characters of a body or header value. */
const longest = 3_000;

/** Most exchanges that are shown in full. */
const mostExchanges = 8;

/** Mark and name of each status. */
export const statusNames: Readonly<Record<Status, { readonly mark: string; readonly name: string }>> = {
  fail: { mark: "✗", name: "failed" },
  error: { mark: "‼", name: "fault of the suite" },
  inconclusive: { mark: "?", name: "inconclusive" },
  warn: { mark: "!", name: "warning" },
  pass: { mark: "✓", name: "passed" },
  "not-applicable": { mark: "–", name: "not applicable" },
};

const levels: Readonly<Record<Level, string>> = {
  MUST: "The specification says so in these words.",
  "MUST*": "Follows from the specification's prose, tables or examples.",
  SHOULD: "The specification recommends it in these words.",
  "SHOULD*": "Follows as a recommendation from the specification's prose.",
  MAY: "The specification allows it.",
  REF: "What the reference implementation does; a difference is never held against anybody.",
  SEC: "A security property that real implementations have broken.",
};

const effects: ReadonlyMap<string, string> = new Map(catalogue().map(({ name, effect }) => [name, effect]));

/** One case: a line that opens, with all that there is to know. What did not pass is open. */
export function caseView(verdict: CaseResult): Markup {
  const { id, status, title, level, durationMs } = verdict;
  const { mark, name } = statusNames[status];
  const isOpen = (status === "fail" && verdict.known === undefined) || status === "error";
  return html`<details class="case ${status}${verdict.known ? " known" : ""}" id="${id}" data-status="${status}" data-text="${`${id} ${title} ${verdict.requirement}`.toLowerCase()}"${html`${isOpen ? html` open` : undefined}`}>
<summary><span class="mark" title="${name}"><span aria-hidden="true">${mark}</span><span class="unseen">${name}: </span></span><span class="what"><span class="title">${title}</span><code class="id">${id}</code></span><span class="meta">${verdict.known ? html`<span class="level">known</span>` : undefined}<span class="level" title="${levels[level]}">${level}</span><span class="took">${durationMs} ms</span></span></summary>
<div class="body">${[ruleView(verdict), findingView(verdict), pictureView(verdict), faultsView(verdict), exchangesView(verdict), callsView(verdict), errandsView(verdict), chainView(verdict), replayView(verdict)]}</div>
</details>
`;
}

function ruleView({ requirement, level }: CaseResult): Markup {
  const rule = register.get(requirement);
  return html`<p class="rule"><b>${requirement}</b> <span class="level" title="${levels[level]}">${level}</span> ${rule?.statement}${rule?.citation ? html` <cite>${rule.citation}</cite>` : undefined}</p>`;
}

function findingView({ status, message, expected, actual, known }: CaseResult): Markup | undefined {
  if (message === undefined) return undefined;
  const compared =
    expected === undefined
      ? undefined
      : html`<dl class="compared"><div><dt>Expected</dt><dd>${expected}</dd></div><div class="actual"><dt>Actual</dt><dd>${actual}</dd></div></dl>`;
  const accepted = known === undefined ? undefined : html`<p class="notice">${knownText(known)}</p>`;
  return html`${accepted}<p class="message ${status}">${message}</p>${compared}`;
}

function pictureView(verdict: CaseResult): Markup | undefined {
  const timeline = timelineOf(verdict);
  return timeline === undefined ? undefined : section("What happened", timelineSvg(timeline, verdict.role));
}

function faultsView({ faults = [] }: CaseResult): Markup | undefined {
  if (faults.length === 0) return undefined;
  const items = faults.map((name) => html`<li><code>${name}</code> ${effects.get(name)}</li>`);
  return section("Fault that was switched on", html`<ul>${items}</ul>`);
}

/** A pass is believed more readily: its exchanges are in the JSON report and the archives. */
function exchangesView({ status, exchanges = [] }: CaseResult): Markup | undefined {
  if (exchanges.length === 0 || status === "pass") return undefined;
  const shown = exchanges.slice(-mostExchanges);
  const leftOut = exchanges.length - shown.length;
  const items = shown.map((exchange, index) =>
    exchangeView(exchange, leftOut + index + 1, index === shown.length - 1),
  );
  const note =
    leftOut === 0 ? undefined : html`<p class="note">${leftOut} earlier ones are in the JSON report.</p>`;
  return section("Step by step", html`${note}${items}`);
}

function exchangeView(exchange: ExchangeRecord, number: number, isLast: boolean): Markup {
  const { label, durationMs, request, answer } = exchange;
  const text = exchangeText(exchange, longest);
  const [firstLine = ""] = text.request.split("\n");
  const outcome = answer.kind === "answer" ? String(answer.status) : "no answer";
  return html`<details class="exchange"${isLast ? html` open` : undefined}><summary><span class="number">${number}</span> <b>${label}</b> <code>${firstLine}</code> <span class="outcome">→ ${outcome}</span> <span class="took">${Math.round(durationMs)} ms</span></summary><div class="messages"><figure><figcaption>Request to ${hostOf(request.url)}</figcaption>${block(text.request)}</figure><figure><figcaption>Answer</figcaption>${block(text.answer)}</figure></div></details>`;
}

function callsView({ status, facilitatorCalls = [] }: CaseResult): Markup | undefined {
  if (facilitatorCalls.length === 0 || status === "pass") return undefined;
  return section("What the seller asked the facilitator", html`${facilitatorCalls.map(callView)}`);
}

function callView({ endpoint, durationMs, request, answer, fault }: FacilitatorCallRecord): Markup {
  const bitten = fault === undefined ? undefined : html` <span class="outcome">fault: ${fault}</span>`;
  const asked =
    request === undefined
      ? undefined
      : html`<figure><figcaption>Request</figcaption>${block(pretty(request))}</figure>`;
  return html`<details class="exchange"><summary><b>POST /${endpoint}</b>${bitten} <code>${cut(answer, 120)}</code> <span class="took">${Math.round(durationMs)} ms</span></summary><div class="messages">${asked}<figure><figcaption>Answer</figcaption>${block(pretty(answer))}</figure></div></details>`;
}

function errandsView({ status, errands = [] }: CaseResult): Markup | undefined {
  if (errands.length === 0 || status === "pass") return undefined;
  const items = errands.map(
    ({ label, summary, said }) =>
      html`<p><b>${label}</b>: ${summary}</p>${said === "" ? undefined : block(said)}`,
  );
  return section("What the client's caller got to see", html`${items}`);
}

function chainView({ transfers = [], account }: CaseResult): Markup | undefined {
  if (account === undefined) return undefined;
  const { address, delivered, settled, excused } = account;
  const excuse = excused === 0 ? "" : ` Up to ${excused} of them the case itself brought about.`;
  return section(
    "What the chain says",
    html`<p>${plural(settled, "transfer")} left the payer <code>${address}</code>; ${plural(delivered, "paid delivery", "paid deliveries")}.${excuse}</p>${transfers.length === 0 ? undefined : transferTable(transfers)}`,
  );
}

function transferTable(transfers: readonly TransferRecord[]): Markup {
  const rows = transfers
    .slice(0, mostExchanges)
    .map(
      ({ to, value, transaction, block: number }) =>
        html`<tr><td>${number}</td><td>${formatUnits(BigInt(value), 6)} USDC</td><td><code>${to}</code></td><td><code>${transaction}</code></td></tr>`,
    );
  return html`<div class="wide" tabindex="0" role="group" aria-label="Transfers"><table><thead><tr><th scope="col">Block</th><th scope="col">Amount</th><th scope="col">To</th><th scope="col">Transaction</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function replayView({ replay }: CaseResult): Markup | undefined {
  if (replay === undefined) return undefined;
  return section(
    "See it again",
    html`<div class="command">${block(replay)}<button type="button" class="copy" hidden>Copy</button></div>`,
  );
}

function section(title: string, content: Markup): Markup {
  return html`<section><h4>${title}</h4>${content}</section>`;
}

/** Long lines scroll, and who has no mouse must be able to scroll, too. */
function block(text: string): Markup {
  return html`<pre tabindex="0">${text}</pre>`;
}

function pretty(json: string): string {
  try {
    return cut(JSON.stringify(JSON.parse(json), null, 2), longest);
  } catch {
    return cut(json, longest);
  }
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}…`;
}

function hostOf(url: string): string {
  return /^https?:\/\/([^/?#]*)/.exec(url)?.[1] ?? url;
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
