/** What a configuration file imports, as `x402-assay/config`. */
export { type ConfigInput as Config, defineConfig } from "./config/index.ts";
