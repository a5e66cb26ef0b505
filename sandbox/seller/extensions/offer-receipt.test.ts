import {
  extractOffersFromPaymentRequired,
  isEIP712SignedOffer,
  verifyOfferSignatureEIP712,
  verifyReceiptSignatureEIP712,
} from "@x402/extensions/offer-receipt";
import { expect, test } from "vitest";
import { namedAccounts } from "../../chain/index.ts";
import { referenceExtensions } from "../routes.ts";
import { challengeOf, firstOf, receiptOf } from "../testing/buyer.ts";
import { failed } from "../testing/scripted-facilitator.ts";
import { openShop } from "../testing/shop.ts";

const weather = "/weather?city=Rome";
const { seller, payer } = namedAccounts;
const options = { extensions: referenceExtensions(seller.privateKey) };

test("the official package finds the terms of a challenge signed by the seller", async () => {
  const shop = await openShop({}, options);
  const challenge = challengeOf(await shop.ask(weather));
  const [offer] = extractOffersFromPaymentRequired(challenge as never);
  if (offer === undefined || !isEIP712SignedOffer(offer)) throw new Error("no offer by EIP-712");
  const { signer, payload } = await verifyOfferSignatureEIP712(offer);
  const { scheme, network, asset, payTo, amount } = firstOf(challenge);
  expect(signer).toBe(seller.address);
  expect(payload).toMatchObject({ scheme, network, asset, payTo, amount, resourceUrl: shop.url + weather });
});

test("and a signed receipt for what was paid and delivered", async () => {
  const shop = await openShop({}, options);
  const { extensions } = receiptOf(await shop.pay(weather, await shop.sign(weather)));
  const entry = extensions?.["offer-receipt"] as { info: { receipt: never } };
  const { signer, payload } = await verifyReceiptSignatureEIP712(entry.info.receipt);
  expect(signer).toBe(seller.address);
  expect(payload).toMatchObject({ payer: payer.address, resourceUrl: shop.url + weather, transaction: "" });
});

test("nothing is signed for a payment that does not settle", async () => {
  const shop = await openShop({ settle: [failed] }, options);
  const answer = await shop.pay(weather, await shop.sign(weather));
  expect(answer.status).toBe(402);
  expect(receiptOf(answer).extensions).toBeUndefined();
});

test("v1 has a place for both, with networks in CAIP-2", async () => {
  const shop = await openShop({}, { ...options, protocols: ["x402@1"] });
  const challenge = JSON.parse((await shop.ask(weather)).body);
  expect(challenge.accepts[0].network).toBe("base-sepolia");
  expect(Object.keys(challenge.extensions)).toEqual(["offer-receipt"]);
  expect(challenge.extensions["offer-receipt"].info.offers[0].payload.network).toBe("eip155:84532");
});
