import escapeHtml from "escape-html";

/** HTML that is safe to put into a page: whatever came from outside is escaped in it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: text is escaped, markup is not, nothing is left out. */
export type Content = Markup | string | number | undefined | readonly Content[];

/**
 * Makes HTML of a template.
 *
 * @example
 * html`<b>${"a < b"}</b>`.text // "<b>a &lt; b</b>"
 */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(parts.reduce((text, part, index) => text + rendered(contents[index - 1]) + part));
}

/** Text that is HTML already, and our own. */
export function raw(text: string): Markup {
  return new Markup(text);
}

function rendered(content: Content): string {
  if (content === undefined) return "";
  if (content instanceof Markup) return content.text;
  if (typeof content === "string" || typeof content === "number") return escapeHtml(String(content));
  return content.map(rendered).join("");
}
