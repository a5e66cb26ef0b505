import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { type Hex, toHex } from "viem";
import { z } from "zod";
import { type Chain, developerOf } from "./chain/index.ts";
import { Problem } from "./problem.ts";

/** The code of this account, which nobody has the key of, names the run that saved the chain's state. */
const markAddress = "0x7834303261737361792e72756e2e6d61726b0000";

/**
 * The file beside a chain's saved state in which the facilitator keeps its records, `<state>.facilitator.sqlite`.
 *
 * Records say that a payment was settled and must not outlive the chain it was settled on: they are emptied when the
 * state was deleted, exchanged, or not saved by the run that wrote them. Each run leaves its mark in both; whatever
 * the chain itself knows, it still refuses to settle twice.
 *
 * @throws Problem `config` when the file is no database or cannot be written
 */
export async function recordsBeside(state: string, chain: Pick<Chain, "rpcUrl">): Promise<string> {
  const file = `${state}.facilitator.sqlite`;
  const developer = developerOf(chain.rpcUrl);
  const savedBy = await developer.getCode({ address: markAddress });
  try {
    if (savedBy === undefined || markOf(file) !== savedBy) await remove(file);
    // STOP comes first, so that whatever follows is no special kind of code.
    const mark = toHex(Buffer.concat([Buffer.of(0), randomBytes(31)]));
    setMark(file, mark);
    await developer.setCode({ address: markAddress, bytecode: mark });
    return file;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Problem("config", `The facilitator's records cannot be kept in ${file}: ${reason}.`, "", {
      cause,
    });
  }
}

const markRow = z.object({ mark: z.string() });

function markOf(file: string): string | undefined {
  return withMarks(file, (database) => {
    const row = markRow.safeParse(database.prepare("SELECT mark FROM run").get());
    return row.success ? row.data.mark : undefined;
  });
}

function setMark(file: string, mark: Hex): void {
  withMarks(file, (database) => {
    database.exec("DELETE FROM run");
    database.prepare("INSERT INTO run (mark) VALUES (?)").run(mark);
  });
}

function withMarks<T>(file: string, use: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(file);
  try {
    database.exec("CREATE TABLE IF NOT EXISTS run (mark TEXT NOT NULL)");
    return use(database);
  } finally {
    database.close();
  }
}

/** SQLite keeps what is not yet in the file beside it; after a crash that is still there. */
async function remove(file: string): Promise<void> {
  for (const part of [file, `${file}-wal`, `${file}-shm`]) await rm(part, { force: true });
}
