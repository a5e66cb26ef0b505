import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Gives the work a database file that does not exist yet, and removes it afterwards. */
export async function withDatabase(work: (databaseFile: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "facilitator-"));
  try {
    await work(join(folder, "records.sqlite"));
  } finally {
    await rm(folder, { recursive: true });
  }
}
