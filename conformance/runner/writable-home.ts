import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Problem } from "#sandbox";

/** The variable that says where programs of this system keep data of the user's. */
const dataVariable =
  new Map<string, string>([
    ["win32", "LOCALAPPDATA"],
    ["darwin", "HOME"],
  ]).get(process.platform) ?? "XDG_DATA_HOME";

/**
 * Starts Vitest, once more with a folder of its own where it cannot write into the user's: it keeps a token there for
 * a server that is never started here, and does not start without.
 *
 * @param started resolves when it no longer looks at the environment
 * @throws Problem `config` when no folder can be written at all
 */
export async function withWritableHome<T>(start: () => Promise<T>, started: Promise<void>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof Error && error.message.includes("Vitest API token"))) throw error;
  }
  const folder = await temporaryFolder();
  const before = process.env[dataVariable];
  process.env[dataVariable] = folder;
  const restore = () => {
    if (before === undefined) delete process.env[dataVariable];
    else process.env[dataVariable] = before;
  };
  try {
    void started.then(restore);
    return await start();
  } finally {
    restore();
    await rm(folder, { recursive: true, force: true });
  }
}

async function temporaryFolder(): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), "x402-assay-home-"));
  } catch (cause) {
    throw new Problem(
      "config",
      `Nothing can be written into the home folder, nor into ${tmpdir()}.`,
      "Set HOME or TMPDIR to a folder that can be written.",
      { cause },
    );
  }
}
