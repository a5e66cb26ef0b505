import { type CustomTransport, createPublicClient, type PublicClient } from "viem";
import { batchingTransport } from "../chain/index.ts";

/** Reads the chain and sends what is signed. */
export type ChainClient = PublicClient<CustomTransport, undefined>;

/**
 * The facilitator's connection to its chain: a viem public client that batches, to be closed at the end.
 *
 * @param rpcUrl where the next calls go
 */
export function connectToChain(rpcUrl: () => string): { client: ChainClient; close: () => void } {
  const { transport, close } = batchingTransport(rpcUrl);
  return { client: createPublicClient({ transport }), close };
}
