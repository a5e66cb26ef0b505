/**
 * A seller made of the official Express middleware (`@x402/express`), the way its own documentation puts it together.
 * It reads FACILITATOR_URL, PAY_TO, NETWORK and, where given, PORT and WORK_URL, prints its URL when it listens, and
 * runs until SIGTERM:
 *
 *   x402-assay conformance seller --start "node conformance/peers/express-seller.ts" --url "http://127.0.0.1:{port}/weather?city=Berlin"
 */
import { setTimeout as delay } from "node:timers/promises";
import { HTTPFacilitatorClient } from "@x402/core/server";
import type { Network } from "@x402/core/types";
import { ExactEvmScheme } from "@x402/evm/exact/server";
import { paymentMiddleware, x402ResourceServer } from "@x402/express";
import express, { type Request } from "express";
import { z } from "zod";
import { listen } from "./listen.ts";

const { FACILITATOR_URL, PAY_TO, NETWORK, PORT, WORK_URL } = z
  .object({
    FACILITATOR_URL: z.url(),
    PAY_TO: z.string(),
    NETWORK: z.templateLiteral(["eip155:", z.string()]),
    PORT: z.coerce.number().default(0),
    WORK_URL: z.url().optional(),
  })
  .parse(process.env);

/** Milliseconds that the paid work takes, as work does: a payment is in flight for that long. */
const askingTheStation = 100;

const facilitator = new HTTPFacilitatorClient({ url: FACILITATOR_URL });
const resourceServer = new x402ResourceServer(facilitator).register(NETWORK, new ExactEvmScheme());
const routes = {
  "GET /weather": { accepts: priced("$0.001"), description: "The weather in a city" },
  "GET /premium": { accepts: priced("$0.05"), description: "A report that costs five cents" },
  "GET /flaky": { accepts: priced("$0.003"), description: "Works, unless its upstream is told to fail" },
};

const app = express();
app.use(paymentMiddleware(routes, resourceServer));

app.get("/weather", async (request, response) => {
  const { city } = request.query;
  if (typeof city !== "string" || city === "") {
    response.status(400).json({ error: "The query parameter city is missing." });
    return;
  }
  await reportWork(request);
  await delay(askingTheStation);
  response.set("X-Weather-Station", `station of ${city}`);
  response.json({
    city,
    temperatureCelsius: 12,
    sky: "cloudy",
    outlook: "Rain before midnight, then clear.",
  });
});

app.get("/premium", async (request, response) => {
  await reportWork(request);
  response.json({ report: "premium", insight: "Umbrellas sell best on the day before the rain." });
});

app.get("/flaky", async (request, response) => {
  await reportWork(request);
  if (request.query.fail === "true") response.status(502).json({ error: "upstream failed" });
  else response.json({ upstream: "answered" });
});

app.get("/free", (_request, response) => {
  response.json({ free: true });
});

await listen(app, PORT);

function priced(price: `$${string}`) {
  const network: Network = NETWORK;
  return { scheme: "exact", network, payTo: PAY_TO, price };
}

/** Tells the suite that a paid handler ran; whoever listens may have gone. */
async function reportWork({ path: route, originalUrl: url, headers }: Request): Promise<void> {
  if (WORK_URL === undefined) return;
  await fetch(WORK_URL, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ route, url, requestId: headers["x-request-id"] }),
  }).catch(() => undefined);
}
