import { createPublicClient, createTestClient, publicActions, walletActions } from "viem";
import { deployerAddress } from "./accounts.ts";
import { batchingTransport } from "./rpc-transport.ts";

/** Local chains answer at once, so polling may be brisk. Milliseconds. */
const pollingInterval = 25;

/** Reads a chain: viem's public client for a local node. */
export function readerOf(rpcUrl: string) {
  const { transport } = batchingTransport(() => rpcUrl);
  return createPublicClient({ transport, pollingInterval });
}
export type ChainReader = ReturnType<typeof readerOf>;

/** Controls a development node: sends as the unlocked deployer, sets code, mines, moves the clock. */
export function developerOf(rpcUrl: string) {
  const { transport } = batchingTransport(() => rpcUrl);
  return createTestClient({ mode: "anvil", transport, account: deployerAddress, pollingInterval })
    .extend(publicActions)
    .extend(walletActions);
}
export type ChainDeveloper = ReturnType<typeof developerOf>;
