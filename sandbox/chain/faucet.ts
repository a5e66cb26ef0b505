import { type Address, encodeFunctionData, multicall3Abi } from "viem";
import { canonicalAddresses } from "./assets.ts";
import type { ChainDeveloper } from "./connection.ts";
import { usdcAbi } from "./token.ts";

/** Gives USDC (atomic units, 6 decimals) to an account; resolves once it is mined. */
export type Faucet = (to: Address, amount: bigint) => Promise<void>;

interface Order {
  readonly to: Address;
  readonly amount: bigint;
  readonly done: (outcome: Promise<void>) => void;
}

/**
 * A faucet for `asset`. One transaction is under way at a time, since the node numbers the deployer's transactions
 * itself and would give one number to two; what is ordered meanwhile goes into the next one together.
 */
export function openFaucet(chain: ChainDeveloper, asset: Address): Faucet {
  const orders: Order[] = [];
  let serving = false;

  async function serve(): Promise<void> {
    serving = true;
    while (orders.length > 0) {
      const batch = orders.splice(0);
      const minted = mint(chain, asset, batch);
      for (const { done } of batch) done(minted);
      // Each order passes a failure on to who placed it.
      await minted.catch(() => {});
    }
    serving = false;
  }

  return (to, amount) =>
    new Promise((done) => {
      orders.push({ to, amount, done });
      if (!serving) void serve();
    });
}

async function mint(chain: ChainDeveloper, asset: Address, orders: readonly Order[]): Promise<void> {
  const calls = orders.map(({ to, amount }) => ({
    target: asset,
    allowFailure: false,
    callData: encodeFunctionData({ abi: usdcAbi, functionName: "mint", args: [to, amount] }),
  }));
  const hash = await chain.writeContract({
    address: canonicalAddresses.multicall3,
    abi: multicall3Abi,
    functionName: "aggregate3",
    args: [calls],
    chain: null,
  });
  await chain.waitForTransactionReceipt({ hash });
}
