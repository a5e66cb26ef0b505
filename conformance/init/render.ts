import type { Setting, Settings } from "./settings.ts";
import { configOf } from "./settings.ts";

/** How a configuration file is written. */
export interface Style {
  readonly language: "ts" | "js" | "json";
  /** Whether the file's project has x402-assay installed, so that the file can import it. */
  readonly hasPackage: boolean;
}

/** The text of a configuration file; in JSON, which has no comments, only what is set. */
export function render(settings: Settings, { language, hasPackage }: Style): string {
  if (language === "json") return `${JSON.stringify(configOf(settings), null, 2)}\n`;
  const { first, open, close } = frames[hasPackage ? "package" : language];
  return [
    "// What x402-assay judges: npx x402-assay conformance seller",
    "// Flags win over this file. What is commented out is not set.",
    ...first,
    "",
    open,
    "  seller: {",
    ...linesOf(settings.seller, "    "),
    "  },",
    "",
    ...linesOf(settings.run, "  "),
    close,
    "",
  ].join("\n");
}

/** How the object is introduced. Without the package, nothing may be imported when the file is run. */
const frames = {
  package: {
    first: ['import { defineConfig } from "x402-assay/config";'],
    open: "export default defineConfig({",
    close: "});",
  },
  ts: {
    first: ['import type { Config } from "x402-assay/config";'],
    open: "export default {",
    close: "} satisfies Config;",
  },
  js: { first: [], open: '/** @type {import("x402-assay/config").Config} */\nexport default {', close: "};" },
} as const;

function linesOf(settings: readonly Setting[], indent: string): string[] {
  return settings.flatMap(({ name, value, explains, isExample }) => [
    ...wrapped(explains, 100).map((line) => `${indent}// ${line}`),
    `${indent}${isExample ? "// " : ""}${name}: ${literal(value)},`,
  ]);
}

/** JavaScript's way to write a value: names that need no quotes have none. */
function literal(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  const fields = Object.entries(value).map(([name, inner]) => `${propertyName(name)}: ${literal(inner)}`);
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}

function propertyName(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name);
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
