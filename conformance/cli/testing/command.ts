import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";

const main = resolve(import.meta.dirname, "../main.ts");

/** How a command ended, and what it printed, without colours. */
export interface Ending {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs. */
export interface RunningCommand {
  readonly pid: number;
  /** Resolves with the next line of stdout that matches; rejects when the command ends before. */
  line(pattern: RegExp): Promise<string>;
  /** Signals the command, or with it everything that a terminal's Ctrl-C reaches. */
  signal(name: NodeJS.Signals, whom?: "command" | "terminal"): void;
  readonly ended: Promise<Ending>;
}

/** Where a command runs; here, with our own environment, unless told. */
export interface Surroundings {
  readonly cwd?: string;
  /** On top of our own environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `x402-assay` with these arguments to its end. */
export function run(args: readonly string[], where: string | Surroundings = {}): Promise<Ending> {
  return start(args, where).ended;
}

/** Starts `x402-assay` with these arguments, in a process group of its own. */
export function start(args: readonly string[], where: string | Surroundings = {}): RunningCommand {
  const { cwd, env } = typeof where === "string" ? { cwd: where, env: {} } : where;
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    detached: true,
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error("The command did not start.");
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = once(child, "close").then(([code]) => ({ code, stdout, stderr }));
  return {
    pid,
    ended,
    signal: (name, whom = "command") => void process.kill(whom === "command" ? pid : -pid, name),
    line: (pattern) =>
      Promise.race([
        nextLine(child, pattern),
        ended.then((ending) => {
          throw new Error(`It ended without such a line: ${JSON.stringify(ending)}`);
        }),
      ]),
  };
}

async function nextLine(child: ChildProcess, pattern: RegExp): Promise<string> {
  if (child.stdout === null) throw new Error("The command has no output.");
  const lines = createInterface({ input: child.stdout });
  return new Promise((resolveLine) => {
    lines.on("line", (line) => {
      if (pattern.test(line)) resolveLine(line);
    });
  });
}

/** Sandbox flags that let every server take a free port. */
export const freePorts = ["--port", "--rpc-port", "--facilitator-port", "--seller-port"].flatMap((flag) => [
  flag,
  "0",
]);
