import { ExactEvmScheme } from "@x402/evm/exact/client";
import { wrapFetchWithPaymentFromConfig } from "@x402/fetch";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { SettleResponseSchema } from "x402/types";
import { createSigner, decodeXPaymentResponse, wrapFetchWithPayment } from "x402-fetch";
import { type Chain, startChain, usdcDomain } from "../chain/index.ts";
import { type RunningFacilitator, startFacilitator } from "../facilitator/index.ts";
import { x402V2 } from "../protocol/index.ts";
import type { ProtocolId } from "./protocols.ts";
import { startSeller } from "./seller.ts";

const weather = "/weather?city=Rome";
const inV1: readonly ProtocolId[] = ["x402@1"];
const inBoth: readonly ProtocolId[] = ["x402@2", "x402@1"];

describe("official clients", () => {
  let chain: Chain;
  let facilitator: RunningFacilitator;
  beforeAll(async () => {
    chain = await startChain();
    const { rpcUrl, accounts } = chain;
    facilitator = await startFacilitator({ rpcUrl, privateKey: accounts.facilitator.privateKey });
  });
  afterAll(async () => {
    await facilitator?.stop();
    await chain?.stop();
  });

  async function openSeller(protocols: readonly ProtocolId[]) {
    const { network, asset, accounts } = chain;
    const payTo = accounts.seller.address;
    const facilitatorUrl = facilitator.url;
    const seller = await startSeller({
      facilitatorUrl,
      payTo,
      network,
      asset,
      domain: usdcDomain,
      protocols,
    });
    onTestFinished(seller.stop);
    return seller.url;
  }

  const earned = () => chain.ledger.balanceOf(chain.accounts.seller.address);

  test.each([
    ["v1 alone", inV1],
    ["both versions", inBoth],
  ])("x402-fetch 1.2.0 pays a seller of %s", async (_title, protocols) => {
    const url = await openSeller(protocols);
    const before = await earned();
    const signer = await createSigner("base-sepolia", chain.accounts.payer.privateKey);
    const fetchWithPayment = wrapFetchWithPayment(fetch, signer);
    const answer = await fetchWithPayment(`${url}${weather}`);
    expect([answer.status, await answer.json()]).toMatchObject([200, { city: "Rome" }]);
    expect(answer.headers.has("payment-response")).toBe(false);
    const receipt = decodeXPaymentResponse(answer.headers.get("x-payment-response") ?? "");
    expect(SettleResponseSchema.parse(receipt)).toMatchObject({
      success: true,
      network: "base-sepolia",
      payer: chain.accounts.payer.address,
    });
    const echo = await fetchWithPayment(`${url}/echo`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"message":"olá"}',
    });
    expect(await echo.json()).toEqual({ echo: "olá" });
    expect((await earned()) - before).toBe(3_000n);
  });

  test("@x402/fetch 2.27 pays a seller of both versions in v2", async () => {
    const url = await openSeller(inBoth);
    const before = await earned();
    const client = new ExactEvmScheme(privateKeyToAccount(chain.accounts.payer.privateKey));
    const fetchWithPayment = wrapFetchWithPaymentFromConfig(fetch, {
      schemes: [{ network: "eip155:84532", client }],
    });
    const answer = await fetchWithPayment(`${url}${weather}`);
    expect([answer.status, await answer.json()]).toMatchObject([200, { city: "Rome" }]);
    expect(answer.headers.has("x-payment-response")).toBe(false);
    const headers = Object.fromEntries(answer.headers);
    expect(x402V2.readReceipt({ status: 200, headers, body: "" })).toMatchObject({
      value: { success: true, network: "eip155:84532" },
    });
    expect((await earned()) - before).toBe(1_000n);
  });
});
