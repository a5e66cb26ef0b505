import type { Address } from "viem";
import type { Problem } from "../problem.ts";
import { evmNetwork, type Network } from "../protocol/index.ts";
import { type NamedAccounts, namedAccounts } from "./accounts.ts";
import { type AnvilOptions, startAnvil } from "./anvil.ts";
import { baseSepoliaChainId, canonicalAddresses, usdcAddress } from "./assets.ts";
import { type Clock, chainClock } from "./clock.ts";
import { type ChainDeveloper, developerOf } from "./connection.ts";
import { deployWithHardhat } from "./contracts.ts";
import { type Faucet, openFaucet } from "./faucet.ts";
import { type Ledger, openLedger } from "./ledger.ts";

/** How to start a chain; `chainId` is Base Sepolia's unless a fork brings its own. */
export type ChainOptions = Omit<AnvilOptions, "chainId">;

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

/** USDC that the named payer starts with: a thousand dollars, in atomic units. */
export const payerFunds = 1_000_000_000n;

/**
 * Starts Anvil, lets Hardhat deploy the contracts and puts their code at the addresses that programs expect.
 *
 * @throws Problem `port-in-use`, `fork-unreachable`, `chain-start-failed`
 */
export async function startChain(options: ChainOptions = {}): Promise<Chain> {
  const chainId = options.forkUrl === undefined ? { chainId: baseSepoliaChainId } : {};
  const anvil = await startAnvil({ ...options, ...chainId });
  try {
    const developer = developerOf(anvil.rpcUrl);
    const chain = await describeChain(developer, anvil.rpcUrl);
    await placeContracts(developer, chain.asset, anvil.rpcUrl);
    await topUp(chain);
    return { ...chain, ended: anvil.ended, stop: anvil.stop };
  } catch (error) {
    await anvil.stop();
    throw error;
  }
}

async function describeChain(
  developer: ChainDeveloper,
  rpcUrl: string,
): Promise<Omit<Chain, "ended" | "stop">> {
  const chainId = await developer.getChainId();
  const asset = usdcAddress(chainId);
  return {
    rpcUrl,
    chainId,
    network: evmNetwork(chainId),
    asset,
    accounts: namedAccounts,
    ledger: openLedger(rpcUrl, asset),
    clock: chainClock(developer),
    fund: openFaucet(developer, asset),
  };
}

async function placeContracts(developer: ChainDeveloper, asset: Address, rpcUrl: string): Promise<void> {
  const code = await deployWithHardhat(rpcUrl);
  await developer.setCode({ address: asset, bytecode: code.mockUsdc });
  await developer.setCode({ address: canonicalAddresses.multicall3, bytecode: code.multicall3 });
}

/** A chain loaded from a state file keeps its balances; an empty payer gets the initial funds. */
async function topUp(chain: Pick<Chain, "ledger" | "fund">): Promise<void> {
  const payer = namedAccounts.payer.address;
  if ((await chain.ledger.balanceOf(payer)) === 0n) await chain.fund(payer, payerFunds);
}
