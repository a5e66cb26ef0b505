/**
 * The official facilitator (`@x402/core`, `@x402/evm`) behind the three endpoints of the protocol. It reads RPC_URL,
 * FACILITATOR_PRIVATE_KEY, CHAIN_ID and, where given, PORT, prints its URL when it listens, and runs until SIGTERM.
 */
import { x402Facilitator } from "@x402/core/facilitator";
import type { PaymentPayload, PaymentRequirements } from "@x402/core/types";
import { toFacilitatorEvmSigner } from "@x402/evm";
import { registerExactEvmScheme } from "@x402/evm/exact/facilitator";
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
const facilitator = registerExactEvmScheme(new x402Facilitator(), { signer, networks: `eip155:${CHAIN_ID}` });

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
