import { x402Facilitator } from "@x402/core/facilitator";
import { toFacilitatorEvmSigner } from "@x402/evm";
import { ExactEvmScheme as ClientScheme } from "@x402/evm/exact/client";
import { ExactEvmScheme as FacilitatorScheme } from "@x402/evm/exact/facilitator";
import { wrapFetchWithPaymentFromConfig } from "@x402/fetch";
import Fastify, { type FastifyInstance } from "fastify";
import { createWalletClient, http, publicActions } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { baseSepolia } from "viem/chains";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Chain, startChain, usdcDomain } from "../chain/index.ts";
import { startFacilitator } from "../facilitator/index.ts";
import { x402V2 } from "../protocol/index.ts";
import { startSeller } from "./seller.ts";

let chain: Chain;
beforeAll(async () => {
  chain = await startChain();
});
afterAll(() => chain?.stop());

/** The official facilitator behind the three endpoints that its own examples give it. */
function officialFacilitator(): FastifyInstance {
  const account = privateKeyToAccount(chain.accounts.facilitator.privateKey);
  const client = createWalletClient({ account, chain: baseSepolia, transport: http(chain.rpcUrl) }).extend(
    publicActions,
  );
  // viem's client does what the signer's type asks for; its own types are narrower.
  const signer = toFacilitatorEvmSigner({ ...client, address: account.address } as never);
  const facilitator = new x402Facilitator().register("eip155:84532", new FacilitatorScheme(signer));
  const app = Fastify({ forceCloseConnections: true });
  type Body = { Body: { paymentPayload: never; paymentRequirements: never } };
  app.post<Body>("/verify", ({ body }) => facilitator.verify(body.paymentPayload, body.paymentRequirements));
  app.post<Body>("/settle", ({ body }) => facilitator.settle(body.paymentPayload, body.paymentRequirements));
  return app;
}

function sellerAt(facilitatorUrl: string) {
  const { network, asset, accounts } = chain;
  return startSeller({ facilitatorUrl, payTo: accounts.seller.address, network, asset, domain: usdcDomain });
}

/** Lets the official client buy one GET and one POST, and gives what the seller earned. */
async function officialClientBuys(sellerUrl: string): Promise<bigint> {
  const before = await chain.ledger.balanceOf(chain.accounts.seller.address);
  const payer = privateKeyToAccount(chain.accounts.payer.privateKey);
  const fetchWithPayment = wrapFetchWithPaymentFromConfig(fetch, {
    schemes: [{ network: "eip155:84532", client: new ClientScheme(payer) }],
  });
  const weather = await fetchWithPayment(`${sellerUrl}/weather?city=S%C3%A3o%20Paulo`);
  expect(await weather.json()).toMatchObject({ city: "São Paulo" });
  const receipt = x402V2.readReceipt({ status: 200, headers: Object.fromEntries(weather.headers), body: "" });
  expect(receipt).toMatchObject({ ok: true, value: { success: true } });
  const echo = await fetchWithPayment(`${sellerUrl}/echo`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"message":"olá"}',
  });
  expect(await echo.json()).toEqual({ echo: "olá" });
  return (await chain.ledger.balanceOf(chain.accounts.seller.address)) - before;
}

test("the official client pays the seller over our facilitator", async () => {
  const { rpcUrl, accounts } = chain;
  const facilitator = await startFacilitator({ rpcUrl, privateKey: accounts.facilitator.privateKey });
  const seller = await sellerAt(facilitator.url);
  try {
    expect(await officialClientBuys(seller.url)).toBe(3_000n);
  } finally {
    await seller.stop();
    await facilitator.stop();
  }
});

test("the official client pays the seller over the official facilitator", async () => {
  const facilitator = officialFacilitator();
  const seller = await sellerAt(await facilitator.listen({ host: "127.0.0.1", port: 0 }));
  try {
    expect(await officialClientBuys(seller.url)).toBe(3_000n);
  } finally {
    await seller.stop();
    await facilitator.close();
  }
});
