import { Problem, type SandboxDescription } from "#sandbox";
import type { SellerRequests } from "../engine/seller/index.ts";
import { startControl } from "./control.ts";
import { type CommandProcess, runCommand } from "./process.ts";
import { complaintAbout, untilAnswered } from "./readiness.ts";
import type { Subject } from "./subject.ts";

/** Lines of a program's last output that are told when it ended by itself. */
const linesTold = 10;

/** A server of the user's that the suite starts with a command. */
export interface ProgramOptions {
  readonly command: string;
  /** Any HTTP answer here, below 500, means that the program is ready. */
  readonly readyUrl: string;
  /** What the program finds in its environment, beside our own. */
  readonly env: Readonly<Record<string, string>>;
  /** How long the program may take to get ready, in milliseconds; 30 s without it. */
  readonly readyTimeoutMs?: number | undefined;
  /** Interrupts the start. */
  readonly signal?: AbortSignal | undefined;
}

/** A seller that the suite starts with a command. `{port}` in a URL stands for the port it is given. */
export interface CommandOptions extends Omit<ProgramOptions, "env"> {
  readonly origin: string;
  readonly requests: SellerRequests;
  readonly headers?: Readonly<Record<string, string>>;
  readonly port: number;
}

/** A program that was started, and can be started again. */
export interface RunningProgram {
  /** `POST` here ends the program and starts it again. */
  readonly restartUrl: string;
  /** What to tell of each time that it ended without being told to. */
  readonly accidents: () => readonly string[];
  stop(): Promise<void>;
}

/**
 * Starts the user's seller with the environment of the sandbox and waits until it answers.
 *
 * @throws Problem as {@link startProgram}
 */
export async function startCommand(options: CommandOptions, sandbox: SandboxDescription): Promise<Subject> {
  const { command, origin, requests, headers = {}, port } = options;
  const env = { ...environmentFor(sandbox, port), WORK_URL: `${sandbox.adminUrl}/work` };
  const { restartUrl, accidents, stop } = await startProgram({ ...options, env });
  return { setup: { name: command, origin, requests, headers, restartUrl }, accidents, stop };
}

/**
 * Starts a program of the user's and waits until it answers.
 *
 * @throws Problem `subject-not-ready`, with the program's last output; `port-in-use` when something answers before it
 *   was started; the signal's reason
 */
export async function startProgram(options: ProgramOptions): Promise<RunningProgram> {
  await requireSilence(options.readyUrl);
  const accidents: string[] = [];
  let running = await startWatched(options, accidents);
  const control = await startControl(async () => {
    await running.stop();
    running = await startWatched(options, accidents);
  });
  return {
    restartUrl: control.restartUrl,
    accidents: () => accidents,
    async stop() {
      await control.stop();
      await running.stop();
    },
  };
}

/** Starts the program, and notes it down should it end before it is stopped. */
async function startWatched(
  options: ProgramOptions,
  accidents: string[],
): Promise<Pick<CommandProcess, "stop">> {
  const program = await startUntilReady(options);
  let isStopping = false;
  void program.ended.then((how) => {
    if (isStopping) return;
    const last = program.output().split("\n").slice(-linesTold).join("\n");
    accidents.push(
      `The program ended by itself while it was judged (${how}); what got no answer after that did so because of it. Command: ${options.command}. Its last output:\n${last || "(nothing)"}`,
    );
  });
  return {
    stop() {
      isStopping = true;
      return program.stop();
    },
  };
}

/** What a started command finds in its environment. */
export function environmentFor(sandbox: SandboxDescription, port: number): Record<string, string> {
  return {
    RPC_URL: sandbox.rpcUrl,
    NETWORK: sandbox.network,
    CHAIN_ID: String(sandbox.chainId),
    ASSET_ADDRESS: sandbox.asset,
    FACILITATOR_URL: sandbox.facilitatorUrl,
    PAY_TO: sandbox.accounts.seller.address,
    PAYER_ADDRESS: sandbox.accounts.payer.address,
    PAYER_PRIVATE_KEY: sandbox.accounts.payer.privateKey,
    PORT: String(port),
  };
}

/** Whatever answers already would be judged in place of the program. */
async function requireSilence(url: string): Promise<void> {
  const complaint = await complaintAbout(url);
  if (complaint !== undefined) return;
  throw new Problem(
    "port-in-use",
    `Something answers at ${url} before the program is started.`,
    "End it, or let the suite choose a port: write {port} in --url and let the program listen on PORT.",
  );
}

async function startUntilReady({
  command,
  readyUrl,
  env,
  readyTimeoutMs = 30_000,
  signal,
}: ProgramOptions): Promise<CommandProcess> {
  signal?.throwIfAborted();
  const program = runCommand(command, env);
  const timeout = AbortSignal.timeout(readyTimeoutMs);
  const over = new AbortController();
  const complaint = await Promise.race([
    untilAnswered(
      readyUrl,
      AbortSignal.any([over.signal, timeout, ...(signal === undefined ? [] : [signal])]),
    ),
    program.ended.then((how) => `it ended (${how})`),
  ]);
  over.abort();
  if (complaint === undefined) return program;
  await program.stop();
  signal?.throwIfAborted();
  const why = timeout.aborted
    ? `${readyUrl} did not answer within ${readyTimeoutMs} ms (${complaint})`
    : complaint;
  throw new Problem(
    "subject-not-ready",
    `The program did not get ready: ${why}. Command: ${command}`,
    `Its last output:\n${program.output() || "(nothing)"}`,
  );
}
