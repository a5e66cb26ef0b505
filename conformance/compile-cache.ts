import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A folder of the system's temporary one, in which Node can keep compiled modules from one run to the next; `undefined`
 * where it cannot be made. Node itself would try for ever where the system says that there is no such place
 * (`TMPDIR=/proc`), and wait for nothing but the end of the process.
 */
export function compileCacheFolder(name: string): string | undefined {
  const folder = join(tmpdir(), name);
  try {
    mkdirSync(folder);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) return undefined;
  }
  return folder;
}
