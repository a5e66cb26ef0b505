import type { ChainReader } from "./connection.ts";

/**
 * The number of the latest block, asked for anew. viem's getBlockNumber lets a call share the answer to one that is
 * under way, and that answer may be older than what its caller has seen since.
 */
export async function latestBlock(chain: Pick<ChainReader, "request">): Promise<bigint> {
  return BigInt(await chain.request({ method: "eth_blockNumber" }));
}
