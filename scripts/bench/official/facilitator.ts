/**
 * The official facilitator behind the three endpoints of its own example. It differs from the example in two
 * settings of viem, both in its favour: it numbers its transactions itself, since without that many settlements fail
 * when several are under way, and it polls for receipts as often as suits a chain that mines at once.
 */
import { x402Facilitator } from "@x402/core/facilitator";
import type { PaymentPayload, PaymentRequirements } from "@x402/core/types";
import { toFacilitatorEvmSigner } from "@x402/evm";
import { ExactEvmScheme } from "@x402/evm/exact/facilitator";
import express from "express";
import { createWalletClient, http, isHex, publicActions } from "viem";
import { nonceManager, privateKeyToAccount } from "viem/accounts";
import { baseSepolia } from "viem/chains";
import { z } from "zod";
import { listen } from "./listen.ts";

const environment = z
  .object({
    RPC_URL: z.url(),
    NETWORK: z.templateLiteral([z.string(), ":", z.string()]),
    FACILITATOR_PRIVATE_KEY: z.custom<`0x${string}`>((value) => isHex(value), "expected hex"),
  })
  .parse(process.env);

const account = privateKeyToAccount(environment.FACILITATOR_PRIVATE_KEY, { nonceManager });
const client = createWalletClient({
  account,
  chain: baseSepolia,
  transport: http(environment.RPC_URL),
  pollingInterval: 25,
}).extend(publicActions);
// viem's client does what the signer's type asks for; its own types are narrower.
const signer = toFacilitatorEvmSigner({ ...client, address: account.address } as never);
const facilitator = new x402Facilitator().register(environment.NETWORK, new ExactEvmScheme(signer));

interface FacilitatorBody {
  readonly paymentPayload: PaymentPayload;
  readonly paymentRequirements: PaymentRequirements;
}

const app = express();
app.use(express.json());
app.get("/supported", (_request, response) => {
  response.json(facilitator.getSupported());
});
app.post("/verify", async (request, response) => {
  const { paymentPayload, paymentRequirements }: FacilitatorBody = request.body;
  response.json(await facilitator.verify(paymentPayload, paymentRequirements));
});
app.post("/settle", async (request, response) => {
  const { paymentPayload, paymentRequirements }: FacilitatorBody = request.body;
  response.json(await facilitator.settle(paymentPayload, paymentRequirements));
});
console.log(await listen(app));
