import type { Role } from "../../requirements/index.ts";
import type { Party, Step, Timeline } from "../timeline.ts";
import { html, type Markup } from "./markup.ts";

const width = 640;
const rowHeight = 30;
const headHeight = 40;
/** Room for the times at the left. */
const gutter = 52;

const names: Readonly<Record<Party, string>> = {
  client: "Client",
  seller: "Seller",
  facilitator: "Facilitator",
  chain: "Chain",
};

/** Draws what happened: a line for each party, an arrow for each step, time going down. The page's style colours it. */
export function timelineSvg({ parties, steps, leftOut }: Timeline, subject: Role): Markup {
  const height = headHeight + steps.length * rowHeight + 12;
  const columns = new Map(parties.map((party, index) => [party, columnOf(index, parties.length)]));
  const at = (party: Party) => columns.get(party) ?? 0;
  const description = steps
    .map(({ from, to, label }) => `${names[from]} to ${names[to]}: ${label}`)
    .join("; ");
  return html`<div class="timeline" tabindex="0" role="group" aria-label="Timeline">${
    leftOut === 0 ? undefined : html`<p class="note">${leftOut} earlier steps are not drawn.</p>`
  }<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${description}">${parties.map(
    (party) =>
      html`<g class="party${party === subject ? " subject" : ""}"><line x1="${at(party)}" x2="${at(party)}" y1="${headHeight - 8}" y2="${height}"/><text x="${at(party)}" y="16">${names[party]}</text>${
        party === subject ? html`<text class="role" x="${at(party)}" y="29">under test</text>` : undefined
      }</g>`,
  )}${steps.map((step, index) => stepMarkup(step, headHeight + (index + 0.75) * rowHeight, at))}</svg></div>`;
}

function stepMarkup(
  { at: time, from, to, label, tone }: Step,
  y: number,
  at: (party: Party) => number,
): Markup {
  const start = at(from);
  const end = at(to);
  const direction = Math.sign(end - start);
  const tip = end - direction * 2;
  const head = `${tip},${y} ${tip - direction * 8},${y - 4} ${tip - direction * 8},${y + 4}`;
  return html`<g class="step ${tone}"><text class="time" x="${gutter - 14}" y="${y + 4}">${timeText(time)}</text><line x1="${start}" x2="${tip - direction * 6}" y1="${y}" y2="${y}"/><polygon points="${head}"/>${
    tone === "money" ? html`<circle cx="${end}" cy="${y}" r="4"/>` : undefined
  }<text x="${(start + end) / 2}" y="${y - 6}">${fitting(label, Math.abs(end - start))}</text></g>`;
}

/** The lines of the parties, evenly spread right of the times. */
function columnOf(index: number, count: number): number {
  const margin = 42;
  const room = width - gutter - 2 * margin;
  return Math.round(gutter + margin + (count === 1 ? room / 2 : (room * index) / (count - 1)));
}

function timeText(milliseconds: number): string {
  return milliseconds < 10_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** A letter takes about this much of the width. */
const letter = 6.4;

function fitting(label: string, room: number): string {
  const most = Math.max(8, Math.floor((room - 12) / letter));
  return label.length <= most ? label : `${label.slice(0, most - 1)}…`;
}
