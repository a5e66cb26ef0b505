import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { Problem, type SandboxDescription } from "#sandbox";
import type { SellerRequests } from "../engine/index.ts";
import { startControl } from "./control.ts";
import { type CommandProcess, runCommand } from "./process.ts";
import type { Subject } from "./subject.ts";

/** A seller that the suite starts with a command. `{port}` in a URL stands for the port it is given. */
export interface CommandOptions {
  readonly command: string;
  /** Any HTTP answer here, below 500, means that the program is ready. */
  readonly readyUrl: string;
  readonly origin: string;
  readonly requests: SellerRequests;
  readonly port: number;
  /** How long the program may take to get ready, in milliseconds. */
  readonly readyTimeoutMs?: number;
}

/**
 * Starts the user's seller with the environment of the sandbox and waits until it answers.
 *
 * @throws Problem `subject-not-ready`, with the program's last output
 */
export async function startCommand(options: CommandOptions, sandbox: SandboxDescription): Promise<Subject> {
  const env = environmentFor(sandbox, options.port);
  let running = await startUntilReady(options, env);
  const control = await startControl(async () => {
    await running.stop();
    running = await startUntilReady(options, env);
  });
  return {
    setup: {
      name: options.command,
      origin: options.origin,
      requests: options.requests,
      restartUrl: control.restartUrl,
    },
    async stop() {
      await control.stop();
      await running.stop();
    },
  };
}

/** What a started command finds in its environment. */
function environmentFor(sandbox: SandboxDescription, port: number): Record<string, string> {
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
    WORK_URL: `${sandbox.adminUrl}/work`,
  };
}

async function startUntilReady(
  options: CommandOptions,
  env: Record<string, string>,
): Promise<CommandProcess> {
  const program = runCommand(options.command, env);
  const timeout = new AbortController();
  const { readyTimeoutMs = 30_000 } = options;
  const outcome = await Promise.race([
    answers(options.readyUrl, timeout.signal).then(() => "ready" as const),
    program.ended.then((how) => `it ended (${how})`),
    delay(readyTimeoutMs, `nothing answered at ${options.readyUrl} within ${readyTimeoutMs / 1000} s`, {
      signal: timeout.signal,
      ref: false,
    }),
  ]);
  timeout.abort();
  if (outcome === "ready") return program;
  await program.stop();
  throw new Problem(
    "subject-not-ready",
    `The program did not get ready: ${outcome}. Command: ${options.command}`,
    `Its last output:\n${program.output() || "(nothing)"}`,
  );
}

/** Resolves when something answers HTTP at `url` without a server error; never, if the signal comes first. */
async function answers(url: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const response = await fetch(url, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(2_000)]),
        redirect: "manual",
      });
      await response.body?.cancel();
      if (response.status < 500) return;
    } catch {
      // Not there yet.
    }
    await delay(50);
  }
  await new Promise<never>(() => {});
}

/** A port that is free now, for a program that has to be told one. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("The system gave no port.");
  return address.port;
}
