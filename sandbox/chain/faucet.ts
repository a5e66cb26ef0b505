import {
  type Address,
  BaseError,
  ExecutionRevertedError,
  encodeFunctionData,
  type Hex,
  multicall3Abi,
} from "viem";
import { canonicalAddresses } from "./assets.ts";
import type { ChainDeveloper } from "./connection.ts";
import { minedReceipt } from "./mined.ts";
import { usdcAbi } from "./token.ts";

/** Gives USDC (atomic units, 6 decimals) to an account; resolves once it is mined. */
export type Faucet = (to: Address, amount: bigint) => Promise<void>;

/** Orders in one transaction: what fits into a block. */
const largestBatch = 100;

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
    while (orders.length > 0) {
      await fill(orders.splice(0, largestBatch));
    }
    serving = false;
  }

  /** Each order passes a failure on to who placed it; one that cannot be filled does not spoil the others. */
  async function fill(batch: readonly Order[]): Promise<void> {
    const minted = mint(chain, asset, batch);
    const refused = await minted.then(() => false, isRefusal);
    if (refused && batch.length > 1) for (const order of batch) await fill([order]);
    else for (const { done } of batch) done(minted);
  }

  return (to, amount) =>
    new Promise((done) => {
      orders.push({ to, amount, done });
      if (serving) return;
      serving = true;
      // What is ordered in the same moment goes together.
      queueMicrotask(serve);
    });
}

/** Whether the token refused, so that nothing was minted; any other failure leaves that open. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof BaseError)) return false;
  return error.walk((cause) => cause instanceof ExecutionRevertedError) !== null;
}

async function mint(chain: ChainDeveloper, asset: Address, orders: readonly Order[]): Promise<void> {
  const call = mintCall(asset, orders);
  const hash = await chain.sendTransaction({ ...call, chain: null });
  const { status } = await minedReceipt(chain, hash);
  if (status === "success") return;
  // A receipt does not say why; the call, made again, throws the token's reason.
  await chain.call(call);
  throw new BaseError("The token refused to mint.", { details: `${hash} reverted` });
}

/** One order is the token's own call, whose refusal says why; several go through Multicall3. */
function mintCall(asset: Address, orders: readonly Order[]): { to: Address; data: Hex } {
  const calls = orders.map(({ to, amount }) => ({
    target: asset,
    allowFailure: false,
    callData: encodeFunctionData({ abi: usdcAbi, functionName: "mint", args: [to, amount] }),
  }));
  const [only] = calls;
  if (only !== undefined && calls.length === 1) return { to: asset, data: only.callData };
  const data = encodeFunctionData({ abi: multicall3Abi, functionName: "aggregate3", args: [calls] });
  return { to: canonicalAddresses.multicall3, data };
}
