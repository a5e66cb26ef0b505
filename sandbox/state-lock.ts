import { rm } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { Problem } from "./problem.ts";

/** What SQLite calls a lock that somebody else has. */
const busy = 5;

/**
 * Keeps a chain's saved state to one sandbox at a time: of two, the one that ends last would write over what the other
 * saved. The lock is SQLite's, on `<state>.lock`, since that ends with its process, however it ends.
 *
 * @returns gives the state back
 * @throws Problem `config` when another sandbox has it
 */
export function lockState(state: string): () => Promise<void> {
  const file = `${state}.lock`;
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(file, { timeout: 0 });
    lock.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    lock?.close();
    if (!isBusy(cause)) return async () => undefined; // Where no file can be made, whoever needs one says so.
    throw new Problem(
      "config",
      `${state} is the state of another sandbox, which still runs.`,
      "End that one first, or give --state a file of its own.",
      { cause },
    );
  }
  return async () => {
    lock.close();
    // Where somebody else has it by now, Windows keeps it, and so it should.
    await rm(file, { force: true }).catch(() => undefined);
  };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === busy;
}
