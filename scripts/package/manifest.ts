import { z } from "zod";

/** A package.json, as far as it is looked at here: any JSON object. */
export const manifestSchema = z.record(z.string(), z.json());
export type Manifest = z.output<typeof manifestSchema>;

type Json = z.core.util.JSONType;

/** What serves the development of this repository only. */
const repositoryOnly = ["scripts", "devDependencies", "allowScripts", "overrides"];

const source = /^(\.\/)?((?:contracts|sandbox|conformance)\/.+)\.ts$/;

/**
 * The package.json that is published: each path to a source leads to what `tsc` made of it, and what serves the
 * repository is gone.
 *
 * @example
 * publishedManifest({ exports: "./sandbox/index.ts", scripts: {} }) // { exports: "./dist/sandbox/index.js" }
 */
export function publishedManifest(manifest: Manifest): Manifest {
  const kept = Object.entries(manifest).filter(([key]) => !repositoryOnly.includes(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, compiled(value)]));
}

function compiled(value: Json): Json {
  if (typeof value === "string") return value.replace(source, "$1dist/$2.js");
  if (Array.isArray(value)) return value.map(compiled);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, compiled(inner)]));
}
