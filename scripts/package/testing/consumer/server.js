import { createApp } from "./app.js";

const { FACILITATOR_URL, PAY_TO, NETWORK, ASSET_ADDRESS, PORT, BROKEN } = process.env;
const app = await createApp({
  facilitatorUrl: FACILITATOR_URL,
  payTo: PAY_TO,
  network: NETWORK,
  asset: ASSET_ADDRESS,
  origin: `http://127.0.0.1:${PORT}`,
  broken: BROKEN === "yes",
});
app.listen(PORT, "127.0.0.1");
