import { evmNetwork, type Network } from "../network.ts";

/** The EVM networks that x402 v1 has a name for, with their chain ids (as in `x402` 1.2.0). */
const chainIds = {
  abstract: 2741,
  "abstract-testnet": 11124,
  avalanche: 43114,
  "avalanche-fuji": 43113,
  base: 8453,
  "base-sepolia": 84532,
  educhain: 41923,
  iotex: 4689,
  peaq: 3338,
  polygon: 137,
  "polygon-amoy": 80002,
  sei: 1329,
  "sei-testnet": 1328,
  "skale-base-sepolia": 324705682,
  story: 1514,
} as const;

const networks = new Map<string, Network>(
  Object.entries(chainIds).map(([name, chainId]) => [name, evmNetwork(chainId)]),
);
const names = new Map([...networks].map(([name, network]) => [network, name]));

/** The CAIP-2 network of a v1 name, e.g. `eip155:84532` of `base-sepolia`; `undefined` when the name is not known. */
export function networkOfV1Name(name: string): Network | undefined {
  return networks.get(name);
}

/** The v1 name of a network, e.g. `base-sepolia` of `eip155:84532`; `undefined` when v1 has none. */
export function v1NetworkName(network: Network): string | undefined {
  return names.get(network);
}
