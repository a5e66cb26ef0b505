import type { SandboxDescription } from "#sandbox";
import type { FacilitatorSetup } from "../engine/facilitator/index.ts";
import { environmentFor } from "./command.ts";
import { startProgram } from "./program.ts";
import { type FacilitatorSubject, settlementAccount } from "./reference-facilitator.ts";

/** A facilitator that the suite starts with a command. */
export interface FacilitatorCommand {
  readonly command: string;
  /** Base URL; the program is given `port` to listen on. */
  readonly url: string;
  readonly port: number;
  /** Headers of every request, names in lower case. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Any HTTP answer here, below 500, means that the program is ready; `/supported` without it. */
  readonly readyUrl?: string | undefined;
  readonly readyTimeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Starts the user's facilitator with the environment of the sandbox and an account of its own that has gas, and waits
 * until it answers. Its RPC_URL is the one on which chain faults bite.
 *
 * @throws Problem `subject-not-ready`, `port-in-use`, the signal's reason
 */
export async function startFacilitatorCommand(
  {
    command,
    url,
    port,
    headers = {},
    readyUrl = `${url}/supported`,
    readyTimeoutMs,
    signal,
  }: FacilitatorCommand,
  sandbox: SandboxDescription,
): Promise<FacilitatorSubject> {
  const { privateKey } = await settlementAccount(sandbox, command);
  const env = {
    ...environmentFor(sandbox, port),
    RPC_URL: sandbox.faultyRpcUrl,
    FACILITATOR_PRIVATE_KEY: privateKey,
  };
  const options = { command, readyUrl, env, readyTimeoutMs, signal };
  const { restartUrl, endingsUrl, ...program } = await startProgram(options);
  return { setup: { name: command, url, headers, restartUrl, endingsUrl }, ...program };
}

/** A facilitator that somebody else runs. It has to settle on the sandbox's chain. */
export function facilitatorAt(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): FacilitatorSubject {
  const setup: FacilitatorSetup = { name: url, url, headers };
  return { setup, stop: async () => {} };
}
