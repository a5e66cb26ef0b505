import type { SandboxDescription } from "#sandbox";
import type { SellerRequests } from "../engine/seller/index.ts";
import { startProgram } from "./program.ts";
import type { ProgramOptions } from "./start-until-ready.ts";
import type { Subject } from "./subject.ts";

/** A seller that the suite starts with a command. `{port}` in a URL stands for the port it is given. */
export interface CommandOptions extends Omit<ProgramOptions, "env"> {
  readonly origin: string;
  readonly requests: SellerRequests;
  readonly headers?: Readonly<Record<string, string>>;
  readonly port: number;
}

/**
 * Starts the user's seller with the environment of the sandbox and waits until it answers.
 *
 * @throws Problem as {@link startProgram}
 */
export async function startCommand(options: CommandOptions, sandbox: SandboxDescription): Promise<Subject> {
  const { command, origin, requests, headers = {}, port } = options;
  const env = { ...environmentFor(sandbox, port), WORK_URL: `${sandbox.adminUrl}/work` };
  const { restartUrl, endingsUrl, accidents, stop } = await startProgram({ ...options, env });
  return { setup: { name: command, origin, requests, headers, restartUrl, endingsUrl }, accidents, stop };
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
