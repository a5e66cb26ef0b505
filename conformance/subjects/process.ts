import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";

/** Lines of output that are kept to show why a program did not get ready. */
const linesKept = 20;

/** How long a program may take to end after SIGTERM, in milliseconds. */
const patience = 3_000;

/** A command of the user's, run by the shell in a process group of its own. */
export interface CommandProcess {
  /** The last lines that it printed. */
  readonly output: () => string;
  /** Resolves with a description when the process ends. */
  readonly ended: Promise<string>;
  /** Ends the whole process group, by force if it does not listen. */
  stop(): Promise<void>;
}

/** Starts `command` with `env` on top of our own environment. */
export function runCommand(command: string, env: Readonly<Record<string, string>>): CommandProcess {
  const child = spawn(command, {
    shell: true,
    detached: true,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      lines.push(...text.split("\n").filter((line) => line !== ""));
      lines.splice(0, lines.length - linesKept);
    });
  }
  const ended = once(child, "exit").then(([code, signal]) =>
    signal === null ? `exit code ${code}` : `${signal}`,
  );
  const killOnExit = () => signalGroup(child, "SIGKILL");
  process.once("exit", killOnExit);
  return {
    output: () => lines.join("\n"),
    ended,
    async stop() {
      process.removeListener("exit", killOnExit);
      signalGroup(child, "SIGTERM");
      const timer = new AbortController();
      await Promise.race([ended, delay(patience, undefined, { signal: timer.signal }).catch(() => {})]);
      timer.abort();
      signalGroup(child, "SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await ended;
    },
  };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}
