/** What the official v2 sellers share: their environment, and the terms that they give their middleware. */
import { HTTPFacilitatorClient, x402ResourceServer } from "@x402/core/server";
import type { Network } from "@x402/core/types";
import { ExactEvmScheme } from "@x402/evm/exact/server";
import { UptoEvmScheme } from "@x402/evm/upto/server";
import { z } from "zod";
import { permitPrices, prices } from "./goods.ts";

/** FACILITATOR_URL, PAY_TO, NETWORK and, where given, PORT and WORK_URL, as `--start` gives them. */
export const environment = z
  .object({
    FACILITATOR_URL: z.url(),
    PAY_TO: z.string(),
    NETWORK: z.templateLiteral(["eip155:", z.string()]),
    PORT: z.coerce.number().default(0),
    WORK_URL: z.url().optional(),
  })
  .parse(process.env);

const network: Network = environment.NETWORK;
const facilitator = new HTTPFacilitatorClient({ url: environment.FACILITATOR_URL });

/** The server that the middleware asks, with both schemes on the sandbox's network. */
export const resourceServer = new x402ResourceServer(facilitator)
  .register(network, new ExactEvmScheme())
  .register(network, new UptoEvmScheme());

const terms = { network, payTo: environment.PAY_TO };
const almanac = permitPrices["/almanac"];
const summary = permitPrices["/summary"];

/** The paid routes as the middleware's documentation writes them: `GET /weather`. */
export const routes = {
  ...Object.fromEntries(
    Object.entries(prices).map(([path, { price, description }]) => [
      `GET ${path}`,
      { accepts: { ...terms, scheme: "exact", price }, description },
    ]),
  ),
  "GET /almanac": {
    accepts: {
      ...terms,
      scheme: "exact",
      price: almanac.price,
      extra: { assetTransferMethod: "permit2" },
    },
    description: almanac.description,
  },
  "GET /summary": {
    accepts: { ...terms, scheme: "upto", price: summary.price },
    description: summary.description,
  },
};
