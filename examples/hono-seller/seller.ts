/** A seller with the official middleware for Hono. `PORT` and the sandbox's addresses come from the environment. */
import { serve } from "@hono/node-server";
import { HTTPFacilitatorClient, type RouteConfig, x402ResourceServer } from "@x402/core/server";
import { ExactEvmScheme } from "@x402/evm/exact/server";
import { paymentMiddleware } from "@x402/hono";
import { Hono } from "hono";

const { FACILITATOR_URL = "http://127.0.0.1:4022", PORT = "3000" } = process.env;
const { PAY_TO = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC" } = process.env;
const network = "eip155:84532";

const facilitator = new HTTPFacilitatorClient({ url: FACILITATOR_URL });
const server = new x402ResourceServer(facilitator).register(network, new ExactEvmScheme());
const sold = (price: string): RouteConfig => ({
  accepts: { scheme: "exact", network, payTo: PAY_TO, price },
});

const app = new Hono();

// Before the paywall: nobody pays for a request that is going to be refused.
app.use("/weather", async (context, next) => {
  if (!context.req.query("city")) return context.json({ error: "The query parameter city is missing." }, 400);
  await next();
});

app.use(paymentMiddleware({ "GET /weather": sold("$0.001"), "GET /report": sold("$0.05") }, server));

app.get("/weather", (context) =>
  context.json({ city: context.req.query("city"), sky: "cloudy", temperatureCelsius: 12 }),
);
app.get("/report", (context) => context.json({ insight: "Umbrellas sell best on the day before the rain." }));
app.get("/health", (context) => context.json({ status: "ok" }));

serve({ fetch: app.fetch, port: Number(PORT), hostname: "127.0.0.1" });
