/** Sells `GET /weather` for 0.001 USDC with the official Express middleware, set up as its documentation says. */
import { HTTPFacilitatorClient } from "@x402/core/server";
import { ExactEvmScheme } from "@x402/evm/exact/server";
import { paymentMiddleware, x402ResourceServer } from "@x402/express";
import express from "express";
import { z } from "zod";
import { listen } from "./listen.ts";

const environment = z
  .object({
    FACILITATOR_URL: z.url(),
    NETWORK: z.templateLiteral([z.string(), ":", z.string()]),
    PAY_TO: z.string(),
  })
  .parse(process.env);

const facilitator = new HTTPFacilitatorClient({ url: environment.FACILITATOR_URL });
const server = new x402ResourceServer(facilitator).register(environment.NETWORK, new ExactEvmScheme());
const accepts = {
  scheme: "exact",
  price: "$0.001",
  network: environment.NETWORK,
  payTo: environment.PAY_TO,
};

const app = express();
app.use(paymentMiddleware({ "GET /weather": { accepts, description: "The weather in a city" } }, server));
app.get("/weather", (request, response) => {
  response.json({ city: request.query.city, temperatureCelsius: 21, sky: "clear" });
});
console.log(await listen(app));
