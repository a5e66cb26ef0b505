import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Problem } from "#sandbox";
import { type Config, configSchema } from "./config.ts";

const defaultNames = ["x402-assay.config.ts", "x402-assay.config.js", "x402-assay.config.json"];

/**
 * Loads the configuration: the file that is named, or the one that lies in the working directory, or none.
 *
 * @throws Problem `config` that names the file, the field, and what was expected
 */
export async function loadConfig(file?: string): Promise<Config> {
  const path = file ?? defaultNames.find((name) => existsSync(name));
  if (path === undefined) return {};
  if (!existsSync(path)) throw new Problem("config", `There is no config file ${path}.`, "Check --config.");
  const parsed = configSchema.safeParse(await contentsOf(resolve(path)));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join(".") || "the whole";
  throw new Problem(
    "config",
    `${path} has a mistake in ${where}: ${issue?.message ?? "malformed"}.`,
    "Correct it and run again.",
  );
}

async function contentsOf(path: string): Promise<unknown> {
  try {
    if (extname(path) === ".json") return JSON.parse(await readFile(path, "utf8"));
    const module: { default?: unknown } = await import(pathToFileURL(path).href);
    return module.default;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Problem("config", `${path} cannot be loaded: ${reason}`, "Correct it and run again.", {
      cause,
    });
  }
}
