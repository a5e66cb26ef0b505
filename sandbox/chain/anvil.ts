import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Anvil, type CreateAnvilOptions, createAnvil } from "@viem/anvil";
import { loopback, urlAt } from "../listen.ts";
import type { Problem } from "../problem.ts";
import { startOrStop } from "../startup.ts";
import { anvilBinary } from "./anvil-binary.ts";
import { deathOf, startProblem } from "./anvil-problem.ts";
import { requireFork } from "./fork.ts";
import { endWithUs } from "./guard.ts";
import { type Spawned, spawnedWith } from "./spawned.ts";
import { requireUsableState } from "./state-file.ts";

/** How to run Anvil. Everything is optional: without it, a fresh chain on a free port. */
export interface AnvilOptions {
  /**
   * IP address to listen on, `0.0.0.0` for all interfaces; 127.0.0.1 unless told. Whoever reaches it commands the
   * chain: use it in containers and networks that you trust.
   */
  readonly host?: string | undefined;
  /** Port of the RPC, 0 for a free one. */
  readonly port?: number | undefined;
  readonly chainId?: number | undefined;
  readonly forkUrl?: string | undefined;
  readonly forkBlockNumber?: bigint | undefined;
  /** File that is loaded at the start, if it exists, and written at the end. */
  readonly state?: string | undefined;
  /** Runs out of reach of the terminal's Ctrl-C, for those who have to look at the chain after one. */
  readonly outlivesCtrlC?: boolean | undefined;
  /** Interrupts the start. */
  readonly signal?: AbortSignal | undefined;
}

/** A running Anvil. */
export interface AnvilProcess {
  readonly rpcUrl: string;
  /** Resolves when the process is gone: `undefined` after {@link AnvilProcess.stop}, else what happened. */
  readonly ended: Promise<Problem | undefined>;
  /** Ends the process and waits until it is gone. May be called again, and after Anvil died. */
  stop(): Promise<void>;
}

/** Longest that Anvil may take to listen, in milliseconds. */
export const startTimeout = 30_000;

/** Longest that Anvil may take to save its state and end, in milliseconds. */
export const stopTimeout = 30_000;

/**
 * Starts Anvil and waits until it listens.
 *
 * @throws Problem `port-in-use`, `fork-unreachable`, `config`, `chain-start-failed`, or the signal's reason
 */
export async function startAnvil(options: AnvilOptions = {}): Promise<AnvilProcess> {
  const { forkUrl, state, signal } = options;
  if (state !== undefined) await requireUsableState(state);
  if (forkUrl !== undefined) await requireFork(forkUrl, signal);
  const binary = await anvilBinary();
  signal?.throwIfAborted();
  const history = join(tmpdir(), `x402-assay-anvil-${randomUUID()}`);
  const anvil = createAnvil(anvilOptions(options, binary, history));
  const rpcUrl = listeningUrl(anvil, options.host);
  const { ended, stop } = lifetime(anvil, history);
  const start = async () => {
    await anvil.start().catch((cause) => {
      throw startProblem(anvil.logs.join(""), options, cause);
    });
    return { rpcUrl: await rpcUrl, ended, stop };
  };
  return startOrStop(start, stop, signal);
}

function anvilOptions(options: AnvilOptions, anvilBinary: string, history: string): CreateAnvilOptions {
  const { host = loopback, port = 0, chainId, forkUrl, forkBlockNumber, state } = options;
  const { outlivesCtrlC = false } = options;
  return {
    anvilBinary,
    host,
    port,
    ...(chainId === undefined ? {} : { chainId }),
    ...(forkUrl === undefined ? {} : { forkUrl, retries: 1, timeout: 10_000, noStorageCaching: true }),
    ...(forkBlockNumber === undefined ? {} : { forkBlockNumber }),
    ...(state === undefined ? {} : { state }),
    startTimeout,
    // Anvil moves old blocks to its home directory and leaves them there when it is killed.
    execArgs: ([binary, args, settings]) => [
      binary,
      [...args, "--cache-path", history],
      { ...settings, detached: outlivesCtrlC },
    ],
  };
}

function listeningUrl(anvil: Anvil, host = loopback): Promise<string> {
  return new Promise((resolve) => {
    anvil.on("message", (message) => {
      const port = /Listening on \S+:(\d+)/.exec(message)?.[1];
      if (port !== undefined) resolve(urlAt(host, port));
    });
  });
}

function lifetime(anvil: Anvil, history: string): Pick<AnvilProcess, "ended" | "stop"> {
  const spawned = spawnedWith(history);
  let stopping = false;
  const exit = new Promise<Problem | undefined>((resolve) => {
    anvil.on("exit", (code, signal) => {
      const asTold = stopping && (code === 0 || signal === "SIGTERM");
      resolve(asTold ? undefined : deathOf(signal ?? `exit code ${code}`, anvil.logs.join("")));
    });
  });
  let running: Spawned | undefined;
  let dismissGuard: (() => Promise<void>) | undefined;
  void spawned.then((child) => {
    running = child;
    dismissGuard = endWithUs(child.pid);
  });
  const cleanUp = () => {
    // A process of a group of its own is not ended with ours by anybody else.
    running?.kill("SIGKILL");
    rmSync(history, { recursive: true, force: true });
  };
  process.once("exit", cleanUp);
  const ended = exit.then(async (problem) => {
    process.removeListener("exit", cleanUp);
    await dismissGuard?.();
    await rm(history, { recursive: true, force: true });
    return problem;
  });
  return {
    ended,
    async stop() {
      stopping = true;
      const child = await spawned;
      child.kill("SIGTERM");
      const force = setTimeout(() => child.kill("SIGKILL"), stopTimeout);
      await ended;
      clearTimeout(force);
    },
  };
}
