import { createRequire } from "node:module";
import { type Anvil, type CreateAnvilOptions, createAnvil } from "@viem/anvil";
import { Problem } from "../problem.ts";

/** How to run Anvil. Everything is optional: without it, a fresh chain on a free port. */
export interface AnvilOptions {
  /** Port of the RPC, 0 for a free one. */
  readonly port?: number | undefined;
  readonly chainId?: number | undefined;
  readonly forkUrl?: string | undefined;
  readonly forkBlockNumber?: bigint | undefined;
  /** Seconds between blocks; without it every transaction is mined at once. */
  readonly blockTime?: number | undefined;
  /** File that is loaded at the start, if it exists, and written at the end. */
  readonly state?: string | undefined;
}

/** A running Anvil. */
export interface AnvilProcess {
  readonly rpcUrl: string;
  /** Resolves when the process is gone: `undefined` after {@link AnvilProcess.stop}, else what happened. */
  readonly ended: Promise<Problem | undefined>;
  /** Ends the process and waits until it is gone. May be called again, and after Anvil died. */
  stop(): Promise<void>;
}

/**
 * Starts Anvil on 127.0.0.1 and waits until it listens.
 *
 * @throws Problem `port-in-use`, `fork-unreachable`, `chain-start-failed`
 */
export async function startAnvil(options: AnvilOptions = {}): Promise<AnvilProcess> {
  const anvil = createAnvil(anvilOptions(options));
  const rpcUrl = listeningUrl(anvil);
  const { ended, stop } = lifetime(anvil);
  try {
    await anvil.start();
    return { rpcUrl: await rpcUrl, ended, stop };
  } catch (cause) {
    throw startProblem(anvil.logs.join("\n"), options, cause);
  }
}

function anvilOptions(options: AnvilOptions): CreateAnvilOptions {
  const { port = 0, chainId, forkUrl, forkBlockNumber, blockTime, state } = options;
  return {
    anvilBinary: anvilBinary(),
    host: "127.0.0.1",
    port,
    ...(chainId === undefined ? {} : { chainId }),
    ...(forkUrl === undefined ? {} : { forkUrl, retries: 1, timeout: 10_000, noStorageCaching: true }),
    ...(forkBlockNumber === undefined ? {} : { forkBlockNumber }),
    ...(blockTime === undefined ? {} : { blockTime }),
    ...(state === undefined ? {} : { state }),
    startTimeout: 30_000,
  };
}

/** The native Anvil of this platform, from its npm package; the environment variable `ANVIL_BINARY` overrides. */
function anvilBinary(): string {
  if (process.env.ANVIL_BINARY) return process.env.ANVIL_BINARY;
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  const name = `@foundry-rs/anvil-${process.platform}-${architecture}`;
  const require = createRequire(createRequire(import.meta.url).resolve("@foundry-rs/anvil/package.json"));
  try {
    return require.resolve(`${name}/bin/${process.platform === "win32" ? "anvil.exe" : "anvil"}`);
  } catch (cause) {
    throw new Problem(
      "chain-start-failed",
      `There is no Anvil here for ${process.platform} ${process.arch}: ${name} is not installed.`,
      "Install again with optional dependencies, or set ANVIL_BINARY to an Anvil of your own.",
      { cause },
    );
  }
}

function listeningUrl(anvil: Anvil): Promise<string> {
  return new Promise((resolve) => {
    anvil.on("message", (message) => {
      const address = /Listening on (\S+)/.exec(message)?.[1];
      if (address !== undefined) resolve(`http://${address}`);
    });
  });
}

function lifetime(anvil: Anvil): Pick<AnvilProcess, "ended" | "stop"> {
  let stopping = false;
  const ended = new Promise<Problem | undefined>((resolve) => {
    anvil.on("exit", (code, signal) => resolve(stopping ? undefined : deathOf(anvil, code, signal)));
  });
  return {
    ended,
    async stop() {
      const running = anvil.status === "listening" && !stopping;
      stopping = true;
      // @viem/anvil waits for an event that never comes when the process is already gone.
      if (running) await Promise.race([anvil.stop(), ended]);
      await ended;
    },
  };
}

function deathOf(anvil: Anvil, code: number | undefined, signal: string | undefined): Problem {
  const how = signal === undefined ? `exit code ${code}` : signal;
  const last = anvil.logs.at(-1)?.trim() ?? "nothing";
  return new Problem(
    "chain-died",
    `Anvil ended by itself (${how}). Its last words: ${last}`,
    "Start the sandbox again.",
  );
}

function startProblem(logs: string, options: AnvilOptions, cause: unknown): Problem {
  if (/address already in use|AddrInUse/i.test(logs)) {
    return new Problem(
      "port-in-use",
      `Port ${options.port} is in use, Anvil cannot listen there.`,
      "Choose another with --rpc-port, or 0 for a free one.",
      { cause },
    );
  }
  if (options.forkUrl !== undefined) {
    return new Problem(
      "fork-unreachable",
      `The chain to fork does not answer at ${options.forkUrl}.`,
      `Check --fork-url and --fork-block-number. Anvil said: ${logs.trim().split("\n").at(-1) ?? "nothing"}`,
      { cause },
    );
  }
  return new Problem("chain-start-failed", `Anvil did not start: ${logs.trim() || String(cause)}`, "", {
    cause,
  });
}
