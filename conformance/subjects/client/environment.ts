import { compileCacheFolder } from "../../compile-cache.ts";
import type { Errand } from "../../engine/client/index.ts";

/** What a client program finds in its environment. */
export function clientEnvironment({
  url,
  payer,
  sandbox,
  timeZone,
}: Omit<Errand, "traffic">): Record<string, string> {
  const cache = process.env.NODE_COMPILE_CACHE ?? compileCacheFolder("x402-assay-compile-cache");
  return {
    RPC_URL: sandbox.rpcUrl,
    NETWORK: sandbox.network,
    CHAIN_ID: String(sandbox.chainId),
    ASSET_ADDRESS: sandbox.asset,
    FACILITATOR_URL: sandbox.facilitatorUrl,
    PAY_TO: sandbox.accounts.seller.address,
    PAYER_ADDRESS: payer.address,
    PAYER_PRIVATE_KEY: payer.privateKey,
    PORT: "0",
    X402_URL: url,
    ...(timeZone === undefined ? {} : { TZ: timeZone }),
    // Only for programs of Node: compiled modules are kept from one errand to the next, which starts them faster.
    ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: cache }),
  };
}
