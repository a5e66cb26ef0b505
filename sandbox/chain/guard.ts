import { spawn } from "node:child_process";

/** Waits for a line, or for the end of what it reads from, and ends the process in the latter case. */
const script = 'read -r line || kill -TERM "$1"';

/**
 * Ends a process when this one goes without having ended it, as after a SIGKILL: a shell in the background reads from a
 * pipe whose other end only we have, and which the system closes with us. Not on Windows, nor where there is no shell.
 *
 * @returns lets the process be, once it has ended; resolves when the shell is gone
 */
export function endWithUs(pid: number): () => Promise<void> {
  if (process.platform === "win32") return async () => undefined;
  // In a group of its own: a Ctrl-C reaches us, and must leave to us what it ends.
  const shell = spawn("/bin/sh", ["-c", script, "sh", String(pid)], {
    cwd: "/",
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  const gone = new Promise<void>((resolve) => {
    shell.once("exit", () => resolve());
    shell.once("error", () => resolve());
  });
  // Somebody may have ended the shell before us.
  shell.stdin.on("error", () => undefined);
  shell.unref();
  return () => {
    shell.ref();
    shell.stdin.end("\n");
    return gone;
  };
}
