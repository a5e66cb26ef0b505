import { createHash } from "node:crypto";
import { createContext, runInContext } from "node:vm";
import type { BazaarDeclaration } from "../../protocol/index.ts";

/** Longer declarations are not looked at, in characters of JSON. */
const longestDeclaration = 16_384;

/** What takes longer is hostile: a pattern can be made to take for ever. Milliseconds. */
const longestCheckMs = 250;

/** Verdicts that are kept: a seller declares the same with every sale. */
const keptVerdicts = 500;
const verdicts = new Map<string, string | undefined>();

/** Keywords that could lead out of a schema. */
const references = new Set(["$ref", "$id", "$dynamicRef"]);

/**
 * Holds `info` against the JSON Schema (2020-12) that came with it. Nothing is fetched, and nothing that a schema asks
 * for can hold up the facilitator.
 */
export async function infoComplaint({ info, schema }: BazaarDeclaration): Promise<string | undefined> {
  const text = JSON.stringify([info, schema]);
  if (text.length > longestDeclaration) return "info and schema are too large";
  const name = createHash("sha256").update(text).digest("base64");
  if (verdicts.has(name)) return verdicts.get(name);
  if (leadsElsewhere(schema)) return "schema refers to something outside of it";
  try {
    const complaint = await mismatch(info, schema);
    verdicts.set(name, complaint);
    const [oldest] = verdicts.keys();
    if (verdicts.size > keptVerdicts && oldest !== undefined) verdicts.delete(oldest);
    return complaint;
  } catch {
    return "schema cannot be used";
  }
}

/** @throws Error when the schema is none, or takes too long */
async function mismatch(info: unknown, schema: Record<string, unknown>): Promise<string | undefined> {
  const { Ajv2020 } = await import("ajv/dist/2020.js");
  const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false });
  const holds = ajv.compile(schema);
  const context = createContext({ check: () => holds(info) });
  if (runInContext("check()", context, { timeout: longestCheckMs }) === true) return undefined;
  return `info does not match its schema: ${ajv.errorsText(holds.errors)}`;
}

function leadsElsewhere(node: unknown): boolean {
  if (typeof node !== "object" || node === null) return false;
  return Object.entries(node).some(([key, value]) =>
    references.has(key) && typeof value === "string" ? !value.startsWith("#") : leadsElsewhere(value),
  );
}
