/**
 * The official facilitator (`@x402/core`, `@x402/evm`) behind the three endpoints of the protocol. It reads RPC_URL,
 * FACILITATOR_PRIVATE_KEY, CHAIN_ID and, where given, PORT, prints its URL when it listens, and runs until SIGTERM.
 */
import { x402Facilitator } from "@x402/core/facilitator";
import type { PaymentPayload, PaymentRequirements } from "@x402/core/types";
import { toFacilitatorEvmSigner } from "@x402/evm";
import { ExactEvmScheme } from "@x402/evm/exact/facilitator";
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
const facilitator = new x402Facilitator().register(`eip155:${CHAIN_ID}`, new ExactEvmScheme(signer));

interface FacilitatorOrder {
  readonly paymentPayload: PaymentPayload;
  readonly paymentRequirements: PaymentRequirements;
}

const app = express();
app.use(express.json());
app.post("/verify", async ({ body }: Request<object, object, FacilitatorOrder>, response) => {
  response.json(await facilitator.verify(body.paymentPayload, body.paymentRequirements));
});
app.post("/settle", async ({ body }: Request<object, object, FacilitatorOrder>, response) => {
  response.json(await facilitator.settle(body.paymentPayload, body.paymentRequirements));
});
app.get("/supported", (_request, response) => {
  response.json(facilitator.getSupported());
});
app.use((error: Error, _request: Request, response: Response, _next: NextFunction) => {
  response.status(500).json({ error: error.message });
});

await listen(app, PORT);
