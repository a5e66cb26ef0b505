import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { npm } from "./npm.ts";

/** A folder of somebody who has nothing but the tarball, and what an app of theirs needs. */
export async function createConsumer(folder: string, tarball: string): Promise<string> {
  const consumer = join(folder, "consumer");
  await cp(join(import.meta.dirname, "consumer"), consumer, { recursive: true });
  await writeFile(join(consumer, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const theirs = ["express@5", "fastify@5", "zod@4", "@types/node@24"];
  await npm(["install", "--prefer-offline", "--no-audit", "--no-fund", tarball, ...theirs], consumer);
  return consumer;
}
