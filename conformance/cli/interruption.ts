type EndSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

/** 128 plus the number of the signal, as shells have it. */
const exitCodes: Readonly<Record<EndSignal, number>> = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** Why a command ends before it is done: somebody pressed Ctrl-C, closed the terminal, or told the process to end. */
export class Interruption extends Error {
  override readonly name = "Interruption";
  readonly exitCode: number;

  constructor(signal: EndSignal) {
    super(`Ended by ${signal}.`);
    this.exitCode = exitCodes[signal];
  }
}

/** npm passes on a Ctrl-C that the terminal has sent already: what comes this soon, in ms, is the same one. */
const echo = 1_000;

/**
 * Is aborted, with an {@link Interruption}, when the process is told to end; told again, it ends at once. To be called
 * before anything is started that has to be ended.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  let first = 0;
  const end = (signal: EndSignal) => {
    if (!controller.signal.aborted) {
      first = performance.now();
      controller.abort(new Interruption(signal));
    } else if (performance.now() - first > echo) process.exit(exitCodes[signal]);
  };
  // Not `once`: with no listener left, a library that watches for signals would let this one kill us.
  process.on("SIGINT", () => end("SIGINT"));
  process.on("SIGTERM", () => end("SIGTERM"));
  process.on("SIGHUP", () => end("SIGHUP"));
  return controller.signal;
}
