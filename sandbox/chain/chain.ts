import { type Address, encodeFunctionData, maxUint256 } from "viem";
import { Problem } from "../problem.ts";
import { evmNetwork, type Network, permit2Address } from "../protocol/index.ts";
import { startOrStop } from "../startup.ts";
import { type NamedAccounts, namedAccounts } from "./accounts.ts";
import { type AnvilOptions, type AnvilProcess, startAnvil } from "./anvil.ts";
import { baseSepoliaChainId, transferBatchAddress, usdcAddress } from "./assets.ts";
import { type Clock, chainClock } from "./clock.ts";
import { type ChainDeveloper, developerOf } from "./connection.ts";
import { loadHardhat, placeContracts } from "./contracts.ts";
import { type Faucet, openFaucet } from "./faucet.ts";
import { type Ledger, openLedger } from "./ledger.ts";
import { minedReceipt } from "./mined.ts";
import { usdcAbi } from "./token.ts";

/** How to start a chain; the chain id is Base Sepolia's unless a fork brings its own. */
export interface ChainOptions extends Omit<AnvilOptions, "chainId"> {
  /** Seconds between blocks; without it every transaction is mined at once. */
  readonly blockTime?: number | undefined;
  /**
   * Runs Anvil from this container image instead of the installed one, e.g. {@link foundryImage}. Needs a Docker engine
   * and the package `testcontainers`.
   */
  readonly anvilImage?: string | undefined;
}

/** A local chain with mock USDC on it and named accounts that hold funds. */
export interface Chain {
  readonly rpcUrl: string;
  readonly chainId: number;
  /** CAIP-2 name, `eip155:<chainId>`. */
  readonly network: Network;
  /** Address of the mock USDC. */
  readonly asset: Address;
  readonly accounts: NamedAccounts;
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** Gives USDC (atomic units, 6 decimals) to an account. */
  readonly fund: Faucet;
  /** Resolves when Anvil is gone: `undefined` after {@link Chain.stop}, else what happened. */
  readonly ended: Promise<Problem | undefined>;
  stop(): Promise<void>;
}

/** Foundry's official image, which has Anvil on its path. */
export const foundryImage = "ghcr.io/foundry-rs/foundry:stable";

/** USDC that the named payer is given on a new chain: a thousand dollars, in atomic units. */
export const payerFunds = 1_000_000_000n;

/**
 * Starts Anvil, lets Hardhat deploy the contracts and puts their code at the addresses that programs expect.
 *
 * @throws Problem `port-in-use`, `fork-unreachable`, `config`, `chain-start-failed`, `chain-died`, or the signal's
 *   reason
 */
export async function startChain(options: ChainOptions = {}): Promise<Chain> {
  const chainId = options.forkUrl === undefined ? { chainId: baseSepoliaChainId } : {};
  // Hardhat is needed next and loads while Anvil starts; a failure shows where it is used.
  void loadHardhat().catch(() => undefined);
  const anvil = await startAnvilFrom(options.anvilImage, { ...options, ...chainId });
  try {
    return await startOrStop(() => setUp(anvil, options), anvil.stop, options.signal);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw (await anvil.ended) ?? forkProblem(error, options) ?? error;
  }
}

async function startAnvilFrom(image: string | undefined, options: AnvilOptions): Promise<AnvilProcess> {
  if (image === undefined) return startAnvil(options);
  const { startAnvilContainer } = await import("./anvil-container.ts").catch((cause) => {
    throw missingTestcontainers(cause) ?? cause;
  });
  return startAnvilContainer(image, options);
}

/** Most users need no containers, so the package that starts them is an optional peer. */
function missingTestcontainers(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || !error.message.includes("'testcontainers'")) return undefined;
  return new Problem(
    "config",
    "Anvil in a container needs the package testcontainers, which is not installed.",
    "npm install --save-dev testcontainers, or leave out --chain docker.",
    { cause: error },
  );
}

async function setUp(anvil: AnvilProcess, { forkUrl, blockTime }: ChainOptions): Promise<Chain> {
  const developer = developerOf(anvil.rpcUrl);
  const chainId = await developer.getChainId();
  const asset = usdcAddress(chainId);
  const ledger = openLedger(anvil.rpcUrl, asset);
  const fund = openFaucet(developer, asset);
  const isNew = (await developer.getCode({ address: transferBatchAddress })) === undefined;
  await placeContracts(developer, asset, anvil.rpcUrl);
  if (forkUrl !== undefined) await makeKeyHolders(developer);
  if (isNew) await equipPayer(developer, asset, fund);
  // Only now: what was sent above did not have to wait for a block.
  if (blockTime !== undefined) await developer.setIntervalMining({ interval: blockTime });
  return {
    rpcUrl: anvil.rpcUrl,
    chainId,
    network: evmNetwork(chainId),
    asset,
    accounts: namedAccounts,
    ledger,
    clock: chainClock(developer),
    fund,
    ended: anvil.ended,
    stop: anvil.stop,
  };
}

/**
 * On public chains somebody has delegated the well-known accounts to contracts (EIP-7702), which would refuse their
 * keys' signatures.
 */
async function makeKeyHolders(developer: ChainDeveloper): Promise<void> {
  for (const { address } of Object.values(namedAccounts)) {
    await developer.setCode({ address, bytecode: "0x" });
  }
}

/** Gives the named payer money, and Permit2 its allowance: anybody else approves once, as on a public chain. */
async function equipPayer(developer: ChainDeveloper, asset: Address, fund: Faucet): Promise<void> {
  const { address } = namedAccounts.payer;
  const approval = encodeFunctionData({
    abi: usdcAbi,
    functionName: "approve",
    args: [permit2Address, maxUint256],
  });
  const hash = await developer.sendTransaction({ account: address, to: asset, data: approval, chain: null });
  await Promise.all([fund(address, payerFunds), minedReceipt(developer, hash)]);
}

/** Anvil asks the forked chain for what it needs when it needs it: that may fail long after it listens. */
function forkProblem(error: unknown, { forkUrl }: ChainOptions): Problem | undefined {
  if (forkUrl === undefined || error instanceof Problem || !(error instanceof Error)) return undefined;
  const reason = "details" in error ? String(error.details) : error.message;
  return new Problem(
    "fork-unreachable",
    `The chain at ${forkUrl} cannot be forked: ${reason}`,
    "Check --fork-url.",
    { cause: error },
  );
}
