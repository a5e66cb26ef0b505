import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";

/** A peer that serves, in a process of its own. */
export interface RunningPeer {
  /** Where it listens, as it printed it. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts a peer that serves, e.g. `express-seller.ts`, and waits until it prints its URL.
 *
 * @throws Error with what it wrote to stderr, when it ends without one
 */
export async function startPeer(file: string, env: Record<string, string>): Promise<RunningPeer> {
  const peer = spawnPeer(file, env);
  const complaints = text(peer.stderr);
  const lines = createInterface(peer.stdout);
  const url = await Promise.race([once(lines, "line"), once(peer, "exit")]).then(([first]) => first);
  if (typeof url !== "string") throw new Error(`${file} did not start: ${await complaints}`);
  return { url, stop: () => end(peer) };
}

/**
 * Runs a peer to its end, e.g. `fetch-client.ts`, and gives what it printed.
 *
 * @throws Error with what it wrote to stderr, when it fails
 */
export async function runPeer(file: string, env: Record<string, string>): Promise<string> {
  const peer = spawnPeer(file, env);
  const [output, complaints] = await Promise.all([text(peer.stdout), text(peer.stderr), once(peer, "exit")]);
  if (peer.exitCode !== 0) throw new Error(`${file} failed: ${complaints}`);
  return output;
}

function spawnPeer(file: string, env: Record<string, string>) {
  return spawn(process.execPath, [resolve(import.meta.dirname, "..", file)], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function end(peer: ChildProcess): Promise<void> {
  if (peer.exitCode !== null || peer.signalCode !== null) return;
  peer.kill("SIGTERM");
  await once(peer, "exit");
}
