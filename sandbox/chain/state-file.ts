import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { Problem } from "../problem.ts";

/**
 * Makes sure that a state can be kept in `file`. Anvil would find out at the end only, when the state is lost.
 *
 * @throws Problem `config`
 */
export async function requireUsableState(file: string): Promise<void> {
  const complaint = await complaintAbout(resolve(file));
  if (complaint === undefined) return;
  throw new Problem("config", `The chain's state cannot be kept in ${file}: ${complaint}.`, "Check --state.");
}

async function complaintAbout(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return "it is a folder";
  const place = found === undefined ? dirname(path) : path;
  try {
    await access(place, constants.R_OK | constants.W_OK);
    return undefined;
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    return missing ? `there is no folder ${place}` : `${place} cannot be written`;
  }
}
