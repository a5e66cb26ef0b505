import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { npm } from "./npm.ts";

/** What an app of theirs needs. */
const theirs = ["express@5", "fastify@5", "zod@4", "@types/node@24"];

/** A folder of somebody who has nothing but the tarball, their app, and further packages. */
export async function createConsumer(
  folder: string,
  tarball: string,
  ...further: readonly string[]
): Promise<string> {
  await cp(join(import.meta.dirname, "consumer"), folder, { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const options = ["--prefer-offline", "--no-audit", "--no-fund"];
  await npm(["install", ...options, tarball, ...theirs, ...further], folder);
  return folder;
}
