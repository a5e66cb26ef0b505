import { existsSync, readFileSync } from "node:fs";

/** Whether a process runs. One that has ended, but whose end nobody has asked for, counts as gone. */
export function isThere(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}

/** The Anvil that a command has started. */
export function anvilOf(command: number): number {
  const children = readFileSync(`/proc/${command}/task/${command}/children`, "utf8").trim().split(" ");
  const anvil = children.find((child) => readFileSync(`/proc/${child}/comm`, "utf8").startsWith("anvil"));
  if (anvil === undefined) throw new Error("The command has no Anvil.");
  return Number(anvil);
}
