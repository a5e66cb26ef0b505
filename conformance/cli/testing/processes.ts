import { existsSync, readFileSync } from "node:fs";

/** Whether a process runs. One that has ended, but whose end nobody has asked for, counts as gone. */
export function isThere(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}
