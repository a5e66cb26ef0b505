import { createRequire } from "node:module";
import hardhatViem from "@nomicfoundation/hardhat-viem";
import { defineConfig } from "hardhat/config";

/** The compiler comes with the `solc` package, so a build needs no network. */
const soljson = createRequire(import.meta.url).resolve("solc/soljson.js");

export default defineConfig({
  plugins: [hardhatViem],
  solidity: {
    version: "0.8.37",
    path: soljson,
    settings: {
      optimizer: { enabled: true, runs: 200 },
      // Every chain that a sandbox may fork runs at least Cancun, and so does Anvil.
      evmVersion: "cancun",
    },
  },
  networks: {
    // The sandbox overrides the url: hre.network.create({ network: "anvil", override: { url } }).
    anvil: { type: "http", chainType: "l1", url: "http://127.0.0.1:8545" },
  },
});
