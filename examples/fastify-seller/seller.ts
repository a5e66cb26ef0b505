/** A seller with Fastify and the plugin of x402-assay. `PORT` and the sandbox's addresses come from the environment. */
import Fastify from "fastify";
import { isAddress } from "viem";
import { route, x402Seller } from "x402-assay/seller";
import { z } from "zod";

const { FACILITATOR_URL = "http://127.0.0.1:4022", PORT = "3000" } = process.env;
const { PAY_TO = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC" } = process.env;
if (!isAddress(PAY_TO)) throw new Error("PAY_TO is not an address.");

const weather = route({
  method: "GET",
  path: "/weather",
  price: 1_000n, // 0.001 USDC
  description: "The weather in a city",
  // What does not fit is refused before anybody pays.
  input: z.object({ query: z.object({ city: z.string().min(1) }) }),
  handle: ({ query: { city } }) => ({ body: { city, sky: "cloudy", temperatureCelsius: 12 } }),
});

const report = route({
  method: "GET",
  path: "/report",
  price: 50_000n,
  description: "A report that costs five cents",
  input: z.object({}),
  handle: () => ({ body: { insight: "Umbrellas sell best on the day before the rain." } }),
});

const app = Fastify();
app.register(x402Seller, {
  facilitatorUrl: FACILITATOR_URL,
  payTo: PAY_TO,
  network: "eip155:84532",
  asset: "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
  domain: { name: "USDC", version: "2" },
  routes: [weather, report],
});
app.get("/health", () => ({ status: "ok" }));

await app.listen({ port: Number(PORT), host: "127.0.0.1" });
