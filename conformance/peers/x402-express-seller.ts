/**
 * A seller made of the official Express middleware for x402 v1 (`x402-express`), the way its own documentation puts it
 * together. It reads FACILITATOR_URL, PAY_TO, CHAIN_ID and, where given, PORT and WORK_URL, prints its URL when it
 * listens, and runs until SIGTERM:
 *
 *   x402-assay conformance seller --protocol x402@1 --start "node conformance/peers/x402-express-seller.ts" --url "http://127.0.0.1:{port}/weather?city=Berlin"
 */
import express from "express";
import { type Address, isAddress } from "viem";

import { ChainIdToNetwork, NetworkSchema } from "x402/types";
import { paymentMiddleware } from "x402-express";
import { z } from "zod";
import { goods, prices } from "./goods.ts";
import { listen } from "./listen.ts";

const environment = z
  .object({
    FACILITATOR_URL: z.templateLiteral(["http://", z.string()]),
    PAY_TO: z.custom<Address>((value) => typeof value === "string" && isAddress(value)),
    CHAIN_ID: z.coerce.number(),
    PORT: z.coerce.number().default(0),
    WORK_URL: z.url().optional(),
  })
  .parse(process.env);

const network = NetworkSchema.parse(ChainIdToNetwork[environment.CHAIN_ID]);
const routes = Object.fromEntries(
  Object.entries(prices).map(([path, { price, description }]) => [
    `GET ${path}`,
    { price, network, config: { description } },
  ]),
);

const app = express();
app.use(paymentMiddleware(environment.PAY_TO, routes, { url: environment.FACILITATOR_URL }));
for (const [path, handle] of Object.entries(goods(environment.WORK_URL))) {
  app.get(path, async (request, response) => {
    const { status, headers, body } = await handle({
      path: request.path,
      url: request.originalUrl,
      query: (name) => request.query[name],
      requestId: request.get("x-request-id"),
    });
    response.status(status).set(headers).json(body);
  });
}

await listen(app, environment.PORT);
