import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, extname, join, resolve } from "node:path";
import { z } from "zod";
import { Problem } from "#sandbox";
import { configFileNames } from "../config/index.ts";
import type { Style } from "./render.ts";

/** Where a configuration is written, and in which style. */
export interface Place extends Style {
  readonly file: string;
  /** The command that starts this project, if its package.json has one. */
  readonly startScript: string | undefined;
}

const languages: Readonly<Record<string, Style["language"]>> = {
  ".ts": "ts",
  ".mts": "ts",
  ".js": "js",
  ".mjs": "js",
  ".json": "json",
};

const manifestSchema = z
  .looseObject({
    type: z.string().optional(),
    scripts: z.looseObject({ start: z.string().optional() }).optional(),
  })
  .catch({});

/**
 * Finds where a new configuration goes: `x402-assay.config.ts` in the working directory unless told.
 *
 * @throws Problem `usage` when there is one already and `force` is not set, or its name ends otherwise
 */
export async function placeFor(wanted: string | undefined, force: boolean): Promise<Place> {
  const manifest = await nearestManifest();
  // Node reads .ts as CommonJS where the project is CommonJS by its own word.
  const file = wanted ?? `x402-assay.config.${manifest.type === "commonjs" ? "mts" : "ts"}`;
  const language = languages[extname(file)];
  if (language === undefined) {
    throw new Problem(
      "usage",
      `${file} is no name for a configuration.`,
      "Let it end in .ts, .mts, .js, .mjs or .json.",
    );
  }
  const there = [file, ...(wanted === undefined ? configFileNames : [])].find((name) => existsSync(name));
  if (there !== undefined && !(force && there === file)) {
    const next =
      there === file
        ? "Write over it with --force, or write another with --file."
        : `Remove it, or write over it with --file ${there} --force.`;
    throw new Problem("usage", `${there} is there already.`, next);
  }
  const startScript = manifest.scripts?.start === undefined ? undefined : "npm start";
  return { file, language, hasPackage: hasPackage(file), startScript };
}

async function nearestManifest(): Promise<z.infer<typeof manifestSchema>> {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const path = join(folder, "package.json");
    if (existsSync(path))
      return manifestSchema.parse(
        await readFile(path, "utf8")
          .then(JSON.parse)
          .catch(() => ({})),
      );
    if (dirname(folder) === folder) return {};
  }
}

function hasPackage(file: string): boolean {
  try {
    createRequire(resolve(file)).resolve("x402-assay/config");
    return true;
  } catch (error) {
    // Any other complaint is about a package that is there.
    return !(error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND");
  }
}
