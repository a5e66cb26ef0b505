/** What x402 v1 calls the EVM networks (x402 v1 §11.1 and its official package 1.2.0), with their CAIP-2 names. */
export const v1Networks: Readonly<Record<string, string>> = {
  abstract: "eip155:2741",
  "abstract-testnet": "eip155:11124",
  avalanche: "eip155:43114",
  "avalanche-fuji": "eip155:43113",
  base: "eip155:8453",
  "base-sepolia": "eip155:84532",
  educhain: "eip155:41923",
  iotex: "eip155:4689",
  peaq: "eip155:3338",
  polygon: "eip155:137",
  "polygon-amoy": "eip155:80002",
  sei: "eip155:1329",
  "sei-testnet": "eip155:1328",
  "skale-base-sepolia": "eip155:324705682",
  story: "eip155:1514",
};

/** The v1 name of a CAIP-2 network, e.g. `base-sepolia`; `undefined` when v1 has none. */
export function v1NameOf(network: string): string | undefined {
  return Object.entries(v1Networks).find(([, caip2]) => caip2 === network)?.[0];
}

/** CAIP-2 names by the names that people write. */
const networkNames: Readonly<Record<string, string>> = {
  ...v1Networks,
  "base-mainnet": "eip155:8453",
  ethereum: "eip155:1",
  mainnet: "eip155:1",
  sepolia: "eip155:11155111",
  arbitrum: "eip155:42161",
};

/** The CAIP-2 name that was probably meant, if it can be told. */
export function probableNetwork(name: string): string | undefined {
  return networkNames[name.toLowerCase()] ?? (/^\d+$/.test(name) ? `eip155:${name}` : undefined);
}
