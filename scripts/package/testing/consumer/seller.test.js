import { conformance } from "x402-assay/vitest";
import { createApp } from "./app.js";

conformance.seller({
  start: ({ facilitatorUrl, payTo, network, asset, port }) =>
    createApp({
      facilitatorUrl,
      payTo,
      network,
      asset,
      origin: `http://127.0.0.1:${port}`,
      broken: process.env.BROKEN === "yes",
    }),
  requests: { paid: "GET /weather?city=Berlin", invalid: "GET /weather", free: "GET /health" },
});
