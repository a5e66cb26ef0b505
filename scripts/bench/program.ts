import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

/** Lines of output that are kept to explain a failure. */
const linesKept = 20;

/** How long a program may take to end after SIGTERM, in milliseconds. */
const patienceMs = 5_000;

/** Which program to run, with this Node. */
export interface ProgramOptions {
  readonly file: string;
  readonly args?: readonly string[];
  /** For Node itself. */
  readonly nodeArgs?: readonly string[];
  readonly cwd?: string;
  /** On top of our own environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A running program, in a process group of its own. */
export interface Program {
  /** Its first line of output; rejects when it ends without one, or takes too long. */
  firstLine(timeoutMs: number): Promise<string>;
  /** Its answer to a message; rejects when it ends without one, or takes too long. */
  ask(question: object, timeoutMs: number): Promise<unknown>;
  /** Its exit code once it has ended by itself; rejects when it is not one of `expected`, or takes too long. */
  exitCode(expected: readonly number[], timeoutMs: number): Promise<number>;
  /** Ends it with its children, by force if it does not listen. */
  stop(): Promise<void>;
}

/** The programs of a benchmark. After {@link Programs.stop} none is left, and none can be started. */
export class Programs {
  readonly #running = new Set<Program>();
  #stopped = false;

  start(options: ProgramOptions): Program {
    if (this.#stopped) throw new Error("The benchmark is being ended.");
    const program = startProgram(options);
    this.#running.add(program);
    return program;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#running].map((program) => program.stop()));
  }
}

function startProgram({ file, args = [], nodeArgs = [], cwd, env = {} }: ProgramOptions): Program {
  const options: SpawnOptions = {
    detached: true,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    ...(cwd === undefined ? {} : { cwd }),
  };
  const child = spawn(process.execPath, [...nodeArgs, file, ...args], options);
  const output = keepOutput(child);
  const ended = once(child, "exit");
  const killAtExit = () => signalGroup(child, "SIGKILL");
  process.once("exit", killAtExit);

  const problem = (what: string) => new Error(`${file} ${what}. Its last output:\n${output.last()}`);

  async function inTime<T>(timeoutMs: number, event: Promise<T>): Promise<T> {
    const timer = new AbortController();
    const late = delay(timeoutMs, undefined, { signal: timer.signal }).then(() =>
      Promise.reject(problem(`needed more than ${timeoutMs} ms`)),
    );
    try {
      return await Promise.race([event, late]);
    } finally {
      timer.abort();
    }
  }

  /** Waits for an event that only comes while the program runs. */
  function beforeItsEnd<T>(event: Promise<T>): Promise<T> {
    const gone = ended.then(([code, signal]) => Promise.reject(problem(`ended early (${signal ?? code})`)));
    return Promise.race([event, gone]);
  }

  async function end(): Promise<void> {
    process.removeListener("exit", killAtExit);
    if (isRunning(child)) {
      const timer = new AbortController();
      signalGroup(child, "SIGTERM");
      const patience = delay(patienceMs, undefined, { signal: timer.signal }).catch(() => undefined);
      await Promise.race([ended, patience]);
      timer.abort();
    }
    signalGroup(child, "SIGKILL");
    if (isRunning(child)) await ended;
  }

  let stopped: Promise<void> | undefined;
  return {
    firstLine: (timeoutMs) => inTime(timeoutMs, beforeItsEnd(output.first)),
    ask(question, timeoutMs) {
      const answer = once(child, "message").then(([message]): unknown => message);
      child.send(question);
      return inTime(timeoutMs, beforeItsEnd(answer));
    },
    async exitCode(expected, timeoutMs) {
      const [code, signal] = await inTime(timeoutMs, ended);
      if (!expected.includes(code)) throw problem(`ended (${signal ?? `exit code ${code}`})`);
      return Number(code);
    },
    // Once only: later, its process group may be somebody else's.
    stop: () => (stopped ??= end()),
  };
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

/** Reads all output, so that the program is never held up, and keeps the beginning and the end. */
function keepOutput(child: ChildProcess): { readonly first: Promise<string>; last(): string } {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error("The program has no output to read.");
  const lines: string[] = [];
  const keep = (line: string) => {
    lines.push(line);
    lines.splice(0, lines.length - linesKept);
  };
  const printed = createInterface({ input: stdout }).on("line", keep);
  createInterface({ input: stderr }).on("line", keep);
  const first = once(printed, "line").then(([line]) => String(line));
  return { first, last: () => lines.join("\n") || "(nothing)" };
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}
