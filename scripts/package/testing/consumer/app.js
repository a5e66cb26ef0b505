import express from "express";
import Fastify from "fastify";
import { route, x402Seller } from "x402-assay/seller";
import { z } from "zod";

const weather = route({
  method: "GET",
  path: "/weather",
  price: 1000n,
  description: "The weather in a city",
  input: z.object({ query: z.strictObject({ city: z.string().min(1) }) }),
  handle: ({ query }) => ({ body: { city: query.city, sky: "clear" } }),
});

/** An Express app that sells the weather. One that is `broken` hands it to whoever shows any payment. */
export async function createApp({ broken = false, ...terms }) {
  const paid = Fastify();
  paid.register(x402Seller, { ...terms, domain: { name: "USDC", version: "2" }, routes: [weather] });
  await paid.ready();
  const app = express();
  app.get("/health", (_request, response) => response.json({ ok: true }));
  app.get("/weather", (request, response, next) => {
    if (broken && request.get("payment-signature")) response.json({ city: request.query.city, sky: "clear" });
    else next();
  });
  app.use((request, response) => paid.routing(request, response));
  return app;
}
