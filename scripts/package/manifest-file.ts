import { copyFile, readFile, rename, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { manifestSchema, publishedManifest } from "./manifest.ts";

/** Root of this repository. */
export const repository = resolve(import.meta.dirname, "../..");

const manifest = join(repository, "package.json");

/** The repository's own package.json while the published one is in its place. */
const kept = join(repository, ".package.json.kept");

/** Puts the published package.json in the place of the repository's, which is kept. */
export async function placePublishedManifest(): Promise<void> {
  await copyFile(manifest, kept);
  const published = publishedManifest(manifestSchema.parse(JSON.parse(await readFile(manifest, "utf8"))));
  await writeFile(manifest, `${JSON.stringify(published, null, 2)}\n`);
}

/** Puts the repository's package.json back; does nothing when it is in its place. */
export async function restoreManifest(): Promise<void> {
  await rename(kept, manifest).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}
