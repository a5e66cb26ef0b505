/**
 * The official facilitator (`@x402/core`, `@x402/evm`) behind the endpoints of the protocol, with a list of what
 * `@x402/extensions` makes of declared resources. It reads RPC_URL, FACILITATOR_PRIVATE_KEY, CHAIN_ID and, where given,
 * PORT, prints its URL when it listens, and runs until SIGTERM.
 */
import { x402Facilitator } from "@x402/core/facilitator";
import type { PaymentPayload, PaymentRequirements } from "@x402/core/types";
import { toFacilitatorEvmSigner } from "@x402/evm";
import { registerExactEvmScheme } from "@x402/evm/exact/facilitator";
import { UptoEvmScheme } from "@x402/evm/upto/facilitator";
import { EIP2612_GAS_SPONSORING } from "@x402/extensions";
import { BAZAAR, extractDiscoveryInfo } from "@x402/extensions/bazaar";
import express, { type NextFunction, type Request, type Response } from "express";
import {
  createWalletClient,
  defineChain,
  type Hex,
  http,
  isHex,
  publicActions,
  type VerifyTypedDataParameters,
} from "viem";
import { nonceManager, privateKeyToAccount } from "viem/accounts";
import { z } from "zod";
import { listen } from "./listen.ts";

const { RPC_URL, FACILITATOR_PRIVATE_KEY, CHAIN_ID, PORT } = z
  .object({
    RPC_URL: z.url(),
    FACILITATOR_PRIVATE_KEY: z.custom<Hex>((value) => isHex(value)),
    CHAIN_ID: z.coerce.number(),
    PORT: z.coerce.number().default(0),
  })
  .parse(process.env);

const chain = defineChain({
  id: CHAIN_ID,
  name: "sandbox",
  nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
  rpcUrls: { default: { http: [RPC_URL] } },
});
// Without a nonce manager, two settlements at once would be given the same account nonce.
const account = privateKeyToAccount(FACILITATOR_PRIVATE_KEY, { nonceManager });
const client = createWalletClient({ account, chain, transport: http() }).extend(publicActions);
const signer = toFacilitatorEvmSigner({
  ...client,
  address: account.address,
  // The signer's type leaves the typed data open; viem's wants it spelled out.
  verifyTypedData: (typedData) => client.verifyTypedData(typedData as VerifyTypedDataParameters),
});
// v2 on the sandbox's network, and v1 on every network that v1 has a name for.
const network = `eip155:${CHAIN_ID}` as const;
const facilitator = registerExactEvmScheme(new x402Facilitator(), { signer, networks: network });
facilitator.register(network, new UptoEvmScheme(signer)).registerExtension(EIP2612_GAS_SPONSORING);

// The package reads declarations; to keep a list of them is left to facilitators.
const catalogue = new Map<string, object>();
facilitator.registerExtension(BAZAAR).onAfterSettle(async ({ paymentPayload, requirements, result }) => {
  const discovered = result.success ? extractDiscoveryInfo(paymentPayload, requirements) : null;
  if (discovered === null) return;
  const { resourceUrl: resource, discoveryInfo, x402Version } = discovered;
  const tool = "toolName" in discovered ? discovered.toolName : "";
  const entry = { resource, type: discoveryInfo.input.type, x402Version, accepts: [requirements] };
  catalogue.set(`${resource} ${tool}`, { ...entry, lastUpdated: new Date().toISOString() });
});

/** A body as the handlers find it: whatever JSON came, or nothing. */
type FacilitatorOrder =
  | { readonly paymentPayload?: PaymentPayload; readonly paymentRequirements?: PaymentRequirements }
  | undefined;

// What follows the package's own example of a facilitator: parts that are missing are 400, what is thrown is 500.
const app = express();
app.use(express.json());
app.post(
  "/verify",
  answer((payload, requirements) => facilitator.verify(payload, requirements)),
);
app.post(
  "/settle",
  answer((payload, requirements) => facilitator.settle(payload, requirements)),
);
app.get("/supported", (_request, response) => {
  response.json(facilitator.getSupported());
});
const pageSchema = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  offset: z.coerce.number().int().min(0).default(0),
});
app.get("/discovery/resources", (request, response) => {
  const page = pageSchema.safeParse(request.query);
  if (!page.success) {
    response.status(400).json({ error: page.error.message });
    return;
  }
  const { limit, offset } = page.data;
  const items = [...catalogue.values()].slice(offset, offset + limit);
  response.json({ x402Version: 2, items, pagination: { limit, offset, total: catalogue.size } });
});
// A body that cannot be read has a status of its own.
app.use((error: Error & { status?: number }, _request: Request, response: Response, _next: NextFunction) => {
  response.status(error.status ?? 500).json({ error: error.message });
});

await listen(app, PORT);

function answer(judge: (payload: PaymentPayload, requirements: PaymentRequirements) => Promise<object>) {
  return async ({ body }: Request<object, object, FacilitatorOrder>, response: Response) => {
    const { paymentPayload, paymentRequirements } = body ?? {};
    if (!paymentPayload || !paymentRequirements) {
      response.status(400).json({ error: "Missing paymentPayload or paymentRequirements" });
      return;
    }
    response.json(await judge(paymentPayload, paymentRequirements));
  };
}
