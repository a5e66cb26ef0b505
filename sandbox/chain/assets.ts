import { getAddress } from "viem";
import { exactPermit2Proxy, permit2Address, uptoPermit2Proxy } from "../protocol/index.ts";

export { baseSepoliaChainId, baseSepoliaUsdc, usdcAddress } from "../usdc.ts";

/** Canonical addresses of the helper contracts that existing facilitators call. */
export const canonicalAddresses = {
  multicall3: getAddress("0xcA11bde05977b3631167028862bE2a173976CA11"),
  create2Deployer: getAddress("0x4e59b44847b379578588920cA78FbF26c0B4956C"),
  permit2: permit2Address,
  exactPermit2Proxy,
  uptoPermit2Proxy,
} as const;

/** Where every chain here has TransferBatch, which makes many EIP-3009 transfers in one transaction. */
export const transferBatchAddress = getAddress("0x0000000000000000000000000000000000402009");

/** Where every chain here keeps the creation code of SmartWallet, so that programs need no compiler to make one. */
export const smartWalletCreationCode = getAddress("0x0000000000000000000000000000000000402403");
