/**
 * The official Express seller with every extension of `@x402/extensions` that the suite judges. It signs offers with a
 * key of its own. Environment and goods are those of express-seller.ts.
 */
import { paymentMiddleware } from "@x402/express";
import { bazaarResourceServerExtension, declareDiscoveryExtension } from "@x402/extensions/bazaar";
import {
  createEIP712OfferReceiptIssuer,
  createOfferReceiptExtension,
  declareOfferReceiptExtension,
} from "@x402/extensions/offer-receipt";
import {
  declarePaymentIdentifierExtension,
  PAYMENT_IDENTIFIER,
  paymentIdentifierResourceServerExtension,
} from "@x402/extensions/payment-identifier";
import {
  createSIWxResourceServerExtension,
  declareSIWxExtension,
  InMemorySIWxStorage,
} from "@x402/extensions/sign-in-with-x";
import express from "express";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { goods } from "./goods.ts";
import { listen } from "./listen.ts";
import { environment, resourceServer, routes } from "./official-terms.ts";

const signer = privateKeyToAccount(generatePrivateKey());
const issuer = createEIP712OfferReceiptIssuer(`did:pkh:eip155:1:${signer.address}`, (typedData) =>
  signer.signTypedData(typedData),
);

const usedNonces = new Set<string>();
const storage = Object.assign(new InMemorySIWxStorage(), {
  hasUsedNonce: (nonce: string) => usedNonces.has(nonce),
  recordNonce: (nonce: string) => void usedNonces.add(nonce),
});

resourceServer
  .registerExtension(bazaarResourceServerExtension)
  .registerExtension(paymentIdentifierResourceServerExtension)
  .registerExtension(createOfferReceiptExtension(issuer))
  .registerExtension(
    createSIWxResourceServerExtension({ origin: `http://127.0.0.1:${environment.PORT}`, storage }),
  );

const extensions = {
  [PAYMENT_IDENTIFIER]: declarePaymentIdentifierExtension(),
  ...declareDiscoveryExtension({
    input: { city: "Berlin" },
    inputSchema: { properties: { city: { type: "string" } }, required: ["city"] },
  }),
  ...declareOfferReceiptExtension(),
  ...declareSIWxExtension({ expirationSeconds: 300 }),
};
const extended = Object.fromEntries(
  Object.entries(routes).map(([name, route]) => [name, { ...route, extensions }]),
);

const app = express();
app.use(paymentMiddleware(extended, resourceServer));
for (const [path, handle] of Object.entries(goods(environment.WORK_URL))) {
  app.get(path, async (request, response) => {
    const { status, headers, body } = await handle({
      path: request.path,
      url: request.originalUrl,
      query: (name) => request.query[name],
      requestId: request.get("x-request-id"),
    });
    response.status(status).set(headers).json(body);
  });
}

await listen(app, environment.PORT);
