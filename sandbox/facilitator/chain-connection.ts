import { createPublicClient } from "viem";
import { batchingTransport } from "../chain/index.ts";

/**
 * The facilitator's connection to its chain: a viem public client that batches, to be closed at the end.
 *
 * @param rpcUrl where the next calls go
 */
export function connectToChain(rpcUrl: () => string) {
  const { transport, close } = batchingTransport(rpcUrl);
  return { client: createPublicClient({ transport }), close };
}

/** The viem client of {@link connectToChain}. */
export type ChainClient = ReturnType<typeof connectToChain>["client"];
