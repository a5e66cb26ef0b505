import { Journal, observe, type SandboxDescription, startAdmin } from "./admin/index.ts";
import { type Chain, type ChainOptions, startChain, usdcDomain } from "./chain/index.ts";
import { startFacilitator } from "./facilitator/index.ts";
import { FaultBoard } from "./faults/index.ts";
import type { Problem } from "./problem.ts";
import { startSeller } from "./seller/index.ts";

/** How to start a sandbox. Ports are 0, a free one, unless given. */
export interface SandboxOptions extends Omit<ChainOptions, "port"> {
  readonly rpcPort?: number | undefined;
  readonly facilitatorPort?: number | undefined;
  readonly sellerPort?: number | undefined;
  readonly adminPort?: number | undefined;
}

/** A running sandbox: chain, facilitator, seller and admin API. */
export interface Sandbox {
  readonly description: SandboxDescription;
  readonly chain: Chain;
  /** Resolves when the chain is gone: `undefined` after {@link Sandbox.stop}, else what happened. */
  readonly ended: Promise<Problem | undefined>;
  stop(): Promise<void>;
}

/**
 * Starts a whole sandbox on 127.0.0.1. Whatever was started is ended again when a later part does not start.
 *
 * @throws Problem `port-in-use`, `fork-unreachable`, `chain-start-failed`
 *
 * @example
 * const sandbox = await startSandbox();
 * const answer = await fetch(`${sandbox.description.sellerUrl}/weather?city=Berlin`); // 402
 * await sandbox.stop();
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const running: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of running.splice(0).reverse()) await end();
  };
  try {
    return { ...(await startParts(options, (end) => running.push(end))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Starts the parts in the order in which they need each other; each is handed to `atEnd` once it runs. */
async function startParts(
  options: SandboxOptions,
  atEnd: (end: () => Promise<void>) => void,
): Promise<Omit<Sandbox, "stop">> {
  const chain = await startChain({ ...options, port: options.rpcPort });
  atEnd(chain.stop);
  const { rpcUrl, chainId, network, asset, accounts } = chain;
  const faults = new FaultBoard();
  const journal = new Journal();
  const facilitator = await startFacilitator({
    rpcUrl,
    privateKey: accounts.facilitator.privateKey,
    port: options.facilitatorPort ?? 0,
    ...(options.state === undefined ? {} : { databaseFile: `${options.state}.facilitator.sqlite` }),
    intercept: observe(faults, journal),
  });
  atEnd(facilitator.stop);
  const seller = await startSeller({
    facilitatorUrl: facilitator.url,
    payTo: accounts.seller.address,
    network,
    asset,
    domain: usdcDomain,
    port: options.sellerPort ?? 0,
    onWork: (work) => journal.recordWork(work),
  });
  atEnd(seller.stop);
  let description: SandboxDescription | undefined;
  const admin = await startAdmin(
    { chain, faults, journal, describe: () => description },
    options.adminPort ?? 0,
  );
  atEnd(admin.stop);
  description = {
    rpcUrl,
    chainId,
    network,
    asset,
    facilitatorUrl: facilitator.url,
    sellerUrl: seller.url,
    adminUrl: admin.url,
    accounts,
  };
  return { description, chain, ended: chain.ended };
}
