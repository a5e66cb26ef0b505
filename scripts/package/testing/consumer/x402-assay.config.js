import { defineConfig } from "x402-assay/config";

export default defineConfig({
  seller: {
    start: "node server.js",
    url: "http://127.0.0.1:{port}/weather?city=Berlin",
    invalid: "GET /weather",
    free: "GET /health",
  },
});
