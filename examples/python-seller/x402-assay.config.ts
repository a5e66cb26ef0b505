import { defineConfig } from "x402-assay/config";

export default defineConfig({
  seller: {
    start: "python3 seller.py",
    url: "http://127.0.0.1:{port}/weather?city=Berlin",
    ready: "http://127.0.0.1:{port}/health",
    invalid: "GET /weather",
    free: "GET /health",
    alsoPaid: "GET /report",
  },
});
