/* Somebody's own gateway in a container: it knows the sandbox by its environment only. */
import { startSeller } from "x402-assay/seller";

const { FACILITATOR_URL, PAY_TO, NETWORK, ASSET_ADDRESS, PORT } = process.env;
await startSeller({
  host: "0.0.0.0",
  port: Number(PORT),
  facilitatorUrl: FACILITATOR_URL,
  payTo: PAY_TO,
  network: NETWORK,
  asset: ASSET_ADDRESS,
  domain: { name: "USDC", version: "2" },
});
