import { HTTPFacilitatorClient } from "@x402/core/server";
import { ExactEvmScheme } from "@x402/evm/exact/server";
import { paymentMiddleware, x402ResourceServer } from "@x402/express";
import express from "express";

const { PORT, FACILITATOR_URL, PAY_TO: payTo, NETWORK: network } = process.env;
const facilitator = new HTTPFacilitatorClient({ url: FACILITATOR_URL });
const server = new x402ResourceServer(facilitator).register(network, new ExactEvmScheme());
const accepts = { scheme: "exact", price: "$0.001", network, payTo };

const app = express();
app.get("/health", (_request, response) => response.json({ healthy: true }));
app.use((request, response, next) =>
  request.query.city ? next() : response.status(400).json({ error: "city?" }),
);
app.use(paymentMiddleware({ "GET /weather": { accepts, description: "The weather of a city" } }, server));
app.get("/weather", (request, response) => response.json({ city: request.query.city, weather: "sunny" }));
app.listen(PORT, "127.0.0.1");
