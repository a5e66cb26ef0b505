import { createRequire } from "node:module";
import { defineConfig } from "hardhat/config";
import { deployment } from "./contracts/deployment.ts";

/** The compiler comes with the `solc` package, so a build needs no network. */
const soljson = createRequire(import.meta.url).resolve("solc/soljson.js");

export default defineConfig({
  ...deployment,
  solidity: {
    version: "0.8.37",
    path: soljson,
    settings: {
      optimizer: { enabled: true, runs: 200 },
      // Every chain that a sandbox may fork runs at least Cancun, and so does Anvil.
      evmVersion: "cancun",
    },
  },
});
