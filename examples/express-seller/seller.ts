/** A seller with the official middleware for Express. `PORT` and the sandbox's addresses come from the environment. */
import { HTTPFacilitatorClient, type RouteConfig, x402ResourceServer } from "@x402/core/server";
import { ExactEvmScheme } from "@x402/evm/exact/server";
import { paymentMiddleware } from "@x402/express";
import express from "express";

const { FACILITATOR_URL = "http://127.0.0.1:4022", PORT = "3000" } = process.env;
const { PAY_TO = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC" } = process.env;
const network = "eip155:84532";

const facilitator = new HTTPFacilitatorClient({ url: FACILITATOR_URL });
const server = new x402ResourceServer(facilitator).register(network, new ExactEvmScheme());
const sold = (price: string): RouteConfig => ({
  accepts: { scheme: "exact", network, payTo: PAY_TO, price },
});

const app = express();

// Before the paywall: nobody pays for a request that is going to be refused.
app.get("/weather", (request, response, next) => {
  if (typeof request.query.city === "string" && request.query.city !== "") next();
  else response.status(400).json({ error: "The query parameter city is missing." });
});

app.use(paymentMiddleware({ "GET /weather": sold("$0.001"), "GET /report": sold("$0.05") }, server));

app.get("/weather", (request, response) => {
  response.json({ city: request.query.city, sky: "cloudy", temperatureCelsius: 12 });
});
app.get("/report", (_request, response) => {
  response.json({ insight: "Umbrellas sell best on the day before the rain." });
});
app.get("/health", (_request, response) => {
  response.json({ status: "ok" });
});

app.listen(Number(PORT), "127.0.0.1");
