import { Journal, observe, type SandboxDescription, startAdmin } from "./admin/index.ts";
import { type Chain, type ChainOptions, startChain, usdcDomain } from "./chain/index.ts";
import { startFacilitator } from "./facilitator/index.ts";
import { FaultBoard, faultedChain, startRpcFront } from "./faults/index.ts";
import type { Problem } from "./problem.ts";
import { recordsBeside } from "./records-file.ts";
import { type ProtocolId, referenceExtensions, startSeller } from "./seller/index.ts";
import { startOrStop } from "./startup.ts";
import { lockState } from "./state-lock.ts";

/** How to start a sandbox. Ports are 0, a free one, unless given. */
export interface SandboxOptions extends Omit<ChainOptions, "port"> {
  readonly rpcPort?: number | undefined;
  /** Of the RPC where faults bite. */
  readonly faultyRpcPort?: number | undefined;
  readonly facilitatorPort?: number | undefined;
  readonly sellerPort?: number | undefined;
  readonly adminPort?: number | undefined;
  /** Whether the facilitator settles payments that come together in one transaction; yes unless told. */
  readonly batching?: boolean | undefined;
  /** How many of the newest exchanges the journal keeps; 10 000 unless told. */
  readonly journalEntries?: number | undefined;
  /** The versions of x402 that the seller speaks with its buyers; `x402@2` alone unless told. */
  readonly protocols?: readonly ProtocolId[] | undefined;
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
 * Starts a whole sandbox, on 127.0.0.1 unless `host` says otherwise. Whatever was started is ended again when a later part does not start.
 *
 * @throws Problem `port-in-use`, `fork-unreachable`, `config`, `chain-start-failed`, `chain-died`, or the signal's
 *   reason
 *
 * @example
 * const sandbox = await startSandbox();
 * const answer = await fetch(`${sandbox.description.sellerUrl}/weather?city=Berlin`); // 402
 * await sandbox.stop();
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const running: (() => Promise<void>)[] = [];
  let stopping = Promise.resolve();
  const stop = () => {
    stopping = stopping.then(async () => {
      for (const end of running.splice(0).reverse()) await end();
    });
    return stopping;
  };
  const start = () => startParts(options, (end) => running.push(end));
  return { ...(await startOrStop(start, stop, options.signal)), stop };
}

/** Each part is handed to `atEnd` once it runs. */
type AtEnd = (end: () => Promise<void>) => void;

async function startParts(options: SandboxOptions, atEnd: AtEnd): Promise<Omit<Sandbox, "stop">> {
  if (options.state !== undefined) atEnd(lockState(options.state));
  const chain = await startChain({ ...options, port: options.rpcPort });
  atEnd(chain.stop);
  try {
    return { description: await startServers(chain, options, atEnd), chain, ended: chain.ended };
  } catch (error) {
    await chain.stop();
    throw (await chain.ended) ?? error;
  }
}

/** Starts the servers in the order in which they need each other. */
async function startServers(
  chain: Chain,
  options: SandboxOptions,
  atEnd: AtEnd,
): Promise<SandboxDescription> {
  const { rpcUrl, chainId, network, asset, accounts } = chain;
  const { host } = options;
  const faulted = faultedChain(chain);
  const faults = new FaultBoard(faulted);
  const journal = new Journal(options.journalEntries);
  const front = await startRpcFront(faults, faulted, { host, port: options.faultyRpcPort });
  atEnd(front.stop);
  const facilitator = await startFacilitator({
    rpcUrl,
    rpcVia: () => (faults.isOnChain ? front.url : rpcUrl),
    privateKey: accounts.facilitator.privateKey,
    host,
    port: options.facilitatorPort,
    databaseFile: options.state === undefined ? undefined : await recordsBeside(options.state, chain),
    batching: options.batching,
    intercept: observe(faults, journal),
  });
  atEnd(facilitator.stop);
  const seller = await startSeller({
    facilitatorUrl: facilitator.url,
    payTo: accounts.seller.address,
    network,
    asset,
    domain: usdcDomain,
    host,
    port: options.sellerPort,
    protocols: options.protocols,
    extensions: referenceExtensions(accounts.seller.privateKey),
    onWork: (work) => journal.recordWork(work),
  });
  atEnd(seller.stop);
  // Before all others end: they may wait for what a fault holds up, and the chain's state may be saved.
  atEnd(() => faults.clear().catch(() => undefined));
  let description: SandboxDescription | undefined;
  const admin = await startAdmin(
    { chain, faults, journal, describe: () => description },
    { host, port: options.adminPort },
  );
  atEnd(admin.stop);
  description = {
    rpcUrl,
    faultyRpcUrl: front.url,
    chainId,
    network,
    asset,
    facilitatorUrl: facilitator.url,
    sellerUrl: seller.url,
    adminUrl: admin.url,
    accounts,
  };
  return description;
}
