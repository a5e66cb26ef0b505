/**
 * The official facilitator behind the three endpoints of the protocol. It settles from the account of
 * FACILITATOR_PRIVATE_KEY, over the node at RPC_URL: a local sandbox's, never a real key.
 */
import { x402Facilitator } from "@x402/core/facilitator";
import type { PaymentPayload, PaymentRequirements } from "@x402/core/types";
import { toFacilitatorEvmSigner } from "@x402/evm";
import { registerExactEvmScheme } from "@x402/evm/exact/facilitator";
import express, { type ErrorRequestHandler, type RequestHandler } from "express";
import { createWalletClient, http, isHex, publicActions, type VerifyTypedDataParameters } from "viem";
import { nonceManager, privateKeyToAccount } from "viem/accounts";
import { baseSepolia } from "viem/chains";

const { RPC_URL = "http://127.0.0.1:8545", FACILITATOR_PRIVATE_KEY: key, PORT = "4022" } = process.env;
if (!isHex(key)) throw new Error("Set FACILITATOR_PRIVATE_KEY to the key of an account with gas.");

// Without a nonce manager, two settlements at once would be given the same account nonce.
const account = privateKeyToAccount(key, { nonceManager });
const wallet = createWalletClient({ account, chain: baseSepolia, transport: http(RPC_URL) });
const client = wallet.extend(publicActions);
const signer = toFacilitatorEvmSigner({
  ...client,
  address: account.address,
  // The signer's type leaves the typed data open; viem's wants it spelled out.
  verifyTypedData: (typedData) => client.verifyTypedData(typedData as VerifyTypedDataParameters),
});
const facilitator = registerExactEvmScheme(new x402Facilitator(), { signer, networks: "eip155:84532" });

type Judge = (payload: PaymentPayload, requirements: PaymentRequirements) => Promise<object>;

const answerWith =
  (judge: Judge): RequestHandler =>
  async (request, response) => {
    const { paymentPayload, paymentRequirements } = request.body ?? {};
    if (!paymentPayload || !paymentRequirements) {
      response.status(400).json({ error: "paymentPayload or paymentRequirements is missing" });
      return;
    }
    response.json(await judge(paymentPayload, paymentRequirements));
  };

// Without it, Express would answer with the stack trace.
const answerErrors: ErrorRequestHandler = (error, _request, response, _next) => {
  console.error(error);
  response.status(error.status ?? 500).json({ error: "The payment could not be processed." });
};

const app = express();
app.use(express.json());
app.post(
  "/verify",
  answerWith((payload, requirements) => facilitator.verify(payload, requirements)),
);
app.post(
  "/settle",
  answerWith((payload, requirements) => facilitator.settle(payload, requirements)),
);
app.get("/supported", (_request, response) => {
  response.json(facilitator.getSupported());
});
app.use(answerErrors);

app.listen(Number(PORT), "127.0.0.1");
