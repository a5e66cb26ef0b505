import { defineConfig } from "x402-assay/config";

export default defineConfig({
  client: { command: "node main.ts {url}" },
});
