import {
  type Client,
  type CustomTransport,
  createPublicClient,
  createTestClient,
  type JsonRpcAccount,
  type PublicActions,
  type PublicClient,
  publicActions,
  type TestActions,
  type WalletActions,
  walletActions,
} from "viem";
import { deployerAddress } from "./accounts.ts";
import { batchingTransport } from "./rpc-transport.ts";

/** Local chains answer at once, so polling may be brisk. Milliseconds. */
const pollingInterval = 25;

/** Reads a chain: viem's public client for a local node. */
export type ChainReader = PublicClient<CustomTransport, undefined>;

/** Reads the chain at `rpcUrl`. */
export function readerOf(rpcUrl: string): ChainReader {
  const { transport } = batchingTransport(() => rpcUrl);
  return createPublicClient({ transport, pollingInterval });
}

/** Controls a development node: sends as the unlocked deployer, sets code, mines, moves the clock. */
export type ChainDeveloper = Client<
  CustomTransport,
  undefined,
  JsonRpcAccount,
  undefined,
  TestActions &
    PublicActions<CustomTransport, undefined, JsonRpcAccount> &
    WalletActions<undefined, JsonRpcAccount>
>;

/** Controls the development node at `rpcUrl`. */
export function developerOf(rpcUrl: string): ChainDeveloper {
  const { transport } = batchingTransport(() => rpcUrl);
  return createTestClient({ mode: "anvil", transport, account: deployerAddress, pollingInterval })
    .extend(publicActions)
    .extend(walletActions);
}
