import { Problem } from "#sandbox";
import { type CommandProcess, runCommand } from "./process.ts";
import { complaintAbout, untilAnswered } from "./readiness.ts";

/** How a command ends that has done what it should. */
const success = "exit code 0";

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

/**
 * Starts a program and waits until it answers.
 *
 * @throws Problem `subject-not-ready`, with the program's last output; the signal's reason
 */
export async function startUntilReady({
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
    // What goes into the background is there when its command ends.
    program.ended.then(async (how) =>
      how === success && (await complaintAbout(readyUrl)) === undefined ? undefined : `it ended (${how})`,
    ),
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
