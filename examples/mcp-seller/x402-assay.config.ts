import { defineConfig } from "x402-assay/config";

export default defineConfig({
  seller: {
    start: "node seller.ts",
    url: "http://127.0.0.1:{port}/mcp",
    tool: "weather",
    data: '{"city":"Berlin"}',
    // Other calls, as "POST /TOOL ARGUMENTS".
    invalid: 'POST /weather {"city":""}',
    free: "POST /hello {}",
    alsoPaid: "POST /report {}",
  },
});
