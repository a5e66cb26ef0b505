import { defineConfig } from "x402-assay/config";

export default defineConfig({
  facilitator: {
    start: "node facilitator.ts",
    url: "http://127.0.0.1:{port}",
  },
  baseline: "known-failures.json",
});
