import { readdir, readFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";

/** Process ids of what `parent` started and is still there. Linux only, as CI is. */
export async function childrenOf(parent: number): Promise<number[]> {
  const children = await readFile(`/proc/${parent}/task/${parent}/children`, "utf8").catch(() => "");
  return children.split(" ").filter(Boolean).map(Number);
}

/** The Anvil that a process runs. */
export async function anvilOf(parent: number): Promise<number> {
  for (const child of await childrenOf(parent)) {
    const command = await readFile(`/proc/${child}/cmdline`, "utf8").catch(() => "");
    if (command.includes("anvil")) return child;
  }
  throw new Error(`${parent} runs no Anvil.`);
}

/** Whether a process is there and has not ended; one that nobody has waited for yet has. */
export async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return status !== "" && !/\) Z /.test(status);
}

/** Whether anything listens on a port of this machine. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.unref().once("connect", () => socket.destroy());
  });
}

/** The folders that chains keep old blocks in. */
export async function historyFolders(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith("x402-assay-anvil-"));
}
