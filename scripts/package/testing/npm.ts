import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { delimiter, dirname } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

/** How a command ended, and what it printed. */
export interface Ending {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * What a shell of somebody who has just this Node would hand on: nothing of the npm and the Vitest that run the tests.
 */
function plainEnvironment(): NodeJS.ProcessEnv {
  const ours =
    /^(npm_(package|lifecycle|command|config_(local_prefix|package|call))|VITEST|TEST$|NODE_ENV$)/i;
  const inherited = Object.entries(process.env).filter(([name]) => !ours.test(name));
  return {
    ...Object.fromEntries(inherited),
    NO_COLOR: "1",
    FORCE_COLOR: undefined,
    PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
  };
}

/** Runs a command to its end, whatever its exit code. */
export async function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Ending> {
  const options = { cwd, env: { ...plainEnvironment(), ...env }, maxBuffer: 100 * 1024 * 1024 };
  try {
    return { code: 0, ...(await promisify(execFile)(command, args, options)) };
  } catch (error) {
    if (error instanceof Error && "code" in error && "stdout" in error && "stderr" in error) {
      return { code: Number(error.code), stdout: String(error.stdout), stderr: String(error.stderr) };
    }
    throw error;
  }
}

/**
 * Runs npm.
 *
 * @throws Error with what it printed, when it fails
 */
export async function npm(args: readonly string[], cwd: string): Promise<void> {
  const { code, stdout, stderr } = await run("npm", args, cwd);
  if (code !== 0) throw new Error(`npm ${args.join(" ")} ended with ${code}.\n${stdout}\n${stderr}`);
}

/** A command that runs until it is told to end. */
export interface Running {
  /** What it prints first; rejects when it ends before. */
  readonly firstLine: Promise<string>;
  /** Ends it as Ctrl-C in a terminal does, which reaches what npx starts, too. */
  interrupt(): Promise<void>;
}

/** Starts a command in a process group of its own. */
export function start(command: string, args: readonly string[], cwd: string): Running {
  const child = spawn(command, args, {
    cwd,
    env: plainEnvironment(),
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  const lines = createInterface({ input: child.stdout });
  return {
    firstLine: Promise.race([
      once(lines, "line").then(([line]) => String(line)),
      ended.then(([code]) => {
        throw new Error(`${command} ${args.join(" ")} ended with ${code} before it printed a line.`);
      }),
    ]),
    async interrupt() {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGINT");
      await ended;
    },
  };
}
