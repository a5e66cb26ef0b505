import { readFile } from "node:fs/promises";
import { connect } from "node:net";

/** Process ids of what `parent` started and is still there. Linux only, as CI is. */
export async function childrenOf(parent: number): Promise<number[]> {
  const children = await readFile(`/proc/${parent}/task/${parent}/children`, "utf8").catch(() => "");
  return children.split(" ").filter(Boolean).map(Number);
}

/** Whether anything listens on a port of this machine, at one of its addresses. */
export function isListening(port: number, address = "127.0.0.1"): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, address);
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}
