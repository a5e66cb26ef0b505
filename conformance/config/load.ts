import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { Problem } from "#sandbox";
import { fileComplaint } from "../file-complaint.ts";
import { type ImportOptions, importDefault } from "../import-in-time.ts";
import { type Config, configSchema } from "./config.ts";

/** What a configuration is called; `.mts` and `.mjs` for projects whose package.json says `"type": "commonjs"`. */
export const configFileNames = ["ts", "mts", "js", "mjs", "json"].map(
  (ending) => `x402-assay.config.${ending}`,
);

/**
 * Loads the configuration: the file that is named, or the one that lies in the working directory, or none.
 *
 * @throws Problem `config` that names the file, the field, and what was expected; the signal's reason
 */
export async function loadConfig(file?: string, loading: ImportOptions = {}): Promise<Config> {
  const path = file ?? configFileNames.find((name) => existsSync(name));
  if (path === undefined) return {};
  if (!existsSync(path)) throw new Problem("config", `There is no config file ${path}.`, "Check --config.");
  const parsed = configSchema.safeParse(await contentsOf(path, loading));
  if (parsed.success) return parsed.data;
  throw mistake(path, fileComplaint(parsed.error, configSchema));
}

async function contentsOf(path: string, loading: ImportOptions): Promise<unknown> {
  const isJson = extname(path) === ".json";
  const contents = await (isJson ? readJson(path) : importDefault(path, loading)).catch((cause) => {
    loading.signal?.throwIfAborted();
    throw mistake(path, firstLine(cause), cause);
  });
  if (contents === undefined) throw mistake(path, "it has no `export default`");
  return contents;
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, "utf8"));
}

function mistake(path: string, what: string, cause?: unknown): Problem {
  return new Problem(
    "config",
    `${path}: ${what}${what.endsWith("?") ? "" : "."}`,
    "Correct it and run again.",
    { cause },
  );
}

/** Compilers add the source after their message. */
function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.trim().split("\n")[0] ?? "").replace(/\.$/, "");
}
