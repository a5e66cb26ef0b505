/** The door of the chain: Anvil, the contracts on it, accounts, clock and ledger. */
export {
  type AccountName,
  derivePayer,
  type NamedAccount,
  type NamedAccounts,
  namedAccounts,
  payerKey,
} from "./accounts.ts";
export { anvilBinary } from "./anvil-binary.ts";
export { baseSepoliaUsdc, transferBatchAddress } from "./assets.ts";
export { type Chain, type ChainOptions, foundryImage, startChain } from "./chain.ts";
export type { Clock } from "./clock.ts";
export { type ChainDeveloper, type ChainReader, developerOf, readerOf } from "./connection.ts";
export { runtimeCode } from "./contracts.ts";
export { requireDevelopmentNode } from "./development-node.ts";
export { latestBlock } from "./latest-block.ts";
export {
  type Ledger,
  type LedgerPoint,
  type LedgerSpan,
  openLedger,
  type Transfer,
  type UsedAuthorization,
} from "./ledger.ts";
export { minedReceipt } from "./mined.ts";
export { exactPermit2ProxyAbi, uptoPermit2ProxyAbi } from "./permit2-proxies.ts";
export { batchingTransport } from "./rpc-transport.ts";
export { smartAccountCode } from "./smart-account.ts";
export { usdcAbi, usdcDomain } from "./token.ts";
