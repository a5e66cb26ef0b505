import type { HardhatUserConfig } from "hardhat/config";

/** What Hardhat needs to know to deploy contracts that are compiled. */
export const deployment = {
  networks: {
    // The sandbox overrides the url: hre.network.create({ network: "anvil", override: { url } }).
    anvil: { type: "http", chainType: "l1", url: "http://127.0.0.1:8545" },
  },
} as const satisfies HardhatUserConfig;
