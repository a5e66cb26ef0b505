import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

/** Lines of output that are kept to show why a server did not get ready. */
const linesOfAServer = 20;

/** How long a program may take to end after SIGTERM, in milliseconds. */
const patience = 3_000;

/** A command of the user's, run by the shell in a process group of its own. */
export interface CommandProcess {
  /** The last lines that it printed. */
  readonly output: () => string;
  /** Resolves with a description when the process ends. */
  readonly ended: Promise<string>;
  /** Whether nothing is left of its process group: what still runs of it has gone into another one, as daemons do. */
  readonly isGone: () => boolean;
  /** Ends the whole process group, by force if it does not listen. */
  stop(): Promise<void>;
}

/** What is to be killed should this process end before it has stopped them. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) signalGroup(child, "SIGKILL");
});

/** Starts `command` with `env` on top of our own environment, and keeps the last lines of its output. */
export function runCommand(
  command: string,
  env: Readonly<Record<string, string>>,
  linesKept = linesOfAServer,
): CommandProcess {
  const child = spawn(command, {
    shell: true,
    detached: true,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      if (lines.length > linesKept) lines.shift();
    });
  }
  const ended = once(child, "exit").then(
    ([code, signal]) => (signal === null ? `exit code ${code}` : `${signal}`),
    (error) => `the shell did not start: ${error}`,
  );
  // Not the exit of the shell: what it started holds the pipes, too, and may still be ending.
  const allEnded = once(child, "close").catch(() => undefined);
  running.add(child);
  return {
    output: () => lines.join("\n"),
    ended,
    isGone: () => !signalGroup(child, 0),
    async stop() {
      signalGroup(child, "SIGTERM");
      await withPatience(allEnded);
      signalGroup(child, "SIGKILL");
      await withPatience(allEnded);
      running.delete(child);
    },
  };
}

async function withPatience(end: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  await Promise.race([end, delay(patience, undefined, { signal: timer.signal }).catch(() => undefined)]);
  timer.abort();
}

/** Whether there was anybody to get the signal; 0 asks for nothing else. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined) return false;
  try {
    return process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
    return false;
  }
}
