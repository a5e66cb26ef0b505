import { ExactEvmScheme } from "@x402/evm/exact/client";
import { UptoEvmScheme } from "@x402/evm/upto/client";
import { wrapFetchWithPaymentFromConfig } from "@x402/fetch";
import { createWalletClient, http, maxUint256, parseAbi } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { type Chain, developerOf, minedReceipt, startChain, usdcDomain } from "../chain/index.ts";
import { type RunningFacilitator, startFacilitator } from "../facilitator/index.ts";
import { permit2Address, x402V2 } from "../protocol/index.ts";
import { route } from "./route.ts";
import { referenceExtensions } from "./routes.ts";
import { type RunningSeller, type StartSellerOptions, startSeller } from "./seller.ts";

let chain: Chain;
let facilitator: RunningFacilitator;
let seller: RunningSeller;
beforeAll(async () => {
  chain = await startChain();
  const { privateKey } = chain.accounts.facilitator;
  facilitator = await startFacilitator({ rpcUrl: chain.rpcUrl, privateKey });
  seller = await start();
});
afterAll(async () => {
  await seller?.stop();
  await facilitator?.stop();
  await chain?.stop();
});

function start(options: Partial<StartSellerOptions> = {}) {
  const { network, asset, accounts } = chain;
  return startSeller({
    facilitatorUrl: facilitator.url,
    payTo: accounts.seller.address,
    network,
    asset,
    domain: usdcDomain,
    extensions: referenceExtensions(accounts.seller.privateKey),
    ...options,
  });
}

/** A buyer of the official stack, who lets Permit2 take what it holds. */
async function officialBuyer({ allows = true } = {}) {
  const payer = privateKeyToAccount(generatePrivateKey());
  await chain.fund(payer.address, 1_000_000n);
  const developer = developerOf(chain.rpcUrl);
  if (allows) {
    await developer.setBalance({ address: payer.address, value: 10n ** 18n });
    const wallet = createWalletClient({ account: payer, transport: http(chain.rpcUrl) });
    const hash = await wallet.writeContract({
      address: chain.asset,
      abi: parseAbi(["function approve(address spender, uint256 amount) returns (bool)"]),
      functionName: "approve",
      args: [permit2Address, maxUint256],
      chain: null,
    });
    await minedReceipt(developer, hash);
  }
  const fetchAndPay = wrapFetchWithPaymentFromConfig(fetch, {
    schemes: [
      { network: "eip155:84532", client: new ExactEvmScheme(payer) },
      { network: "eip155:84532", client: new UptoEvmScheme(payer) },
    ],
  });
  return async (path: string, origin = seller.url) => {
    const before = await chain.ledger.balanceOf(payer.address);
    const answer = await fetchAndPay(`${origin}${path}`);
    const body = await answer.text();
    const parts = { status: answer.status, headers: Object.fromEntries(answer.headers), body };
    const paid = before - (await chain.ledger.balanceOf(payer.address));
    return { ...parts, receipt: x402V2.readReceipt(parts), challenge: x402V2.readChallenge(parts), paid };
  };
}

test("the official client buys by Permit2", async () => {
  const buy = await officialBuyer();
  const { status, body, receipt, paid } = await buy("/almanac?city=Rome");
  expect(status).toBe(200);
  expect(JSON.parse(body)).toMatchObject({ almanac: "Rome" });
  expect(receipt).toMatchObject({ ok: true, value: { success: true } });
  expect(paid).toBe(1_000n);
});

describe("upto", () => {
  test("charges the official client what the handler says, and tells it in the receipt", async () => {
    const buy = await officialBuyer();
    const { status, body, headers, receipt, paid } = await buy("/summary?words=120");
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual({ summary: expect.stringContaining("Umbrellas") });
    expect(receipt).toMatchObject({ ok: true, value: { success: true, amount: "120" } });
    expect(paid).toBe(120n);
    expect(Object.keys(headers).join()).not.toMatch(/charge|settlement/);
  });

  test("charges nothing without a transaction, and delivers", async () => {
    const buy = await officialBuyer();
    const { status, receipt, paid } = await buy("/summary?words=0");
    expect(status).toBe(200);
    expect(receipt).toMatchObject({ ok: true, value: { success: true, transaction: "", amount: "0" } });
    expect(paid).toBe(0n);
  });

  test("is asked for with the account that the facilitator settles with", async () => {
    const answer = await fetch(`${seller.url}/summary?words=1`);
    const challenge = x402V2.readChallenge({
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: "",
    });
    const extra = { ...usdcDomain, facilitatorAddress: chain.accounts.facilitator.address };
    expect(challenge).toMatchObject({ value: { accepts: [{ scheme: "upto", amount: "5000", extra }] } });
  });

  test.each([5_001n, -1n])("a handler that charges %d is a failure that costs nothing", async (charge) => {
    const greedy = route({
      method: "GET",
      path: "/greedy",
      price: 5_000n,
      paidBy: "upto",
      description: "Charges what nobody permitted",
      input: z.object({}),
      handle: () => ({ body: { secret: true }, charge }),
    });
    const shop = await start({ routes: [greedy] });
    onTestFinished(shop.stop);
    const { status, body, paid } = await (await officialBuyer())("/greedy", shop.url);
    expect(status).toBe(500);
    expect(body).not.toContain("secret");
    expect(paid).toBe(0n);
  });

  test("is not sold while the facilitator does not tell who settles it", async () => {
    const shop = await start({ facilitatorUrl: "http://127.0.0.1:9" });
    onTestFinished(shop.stop);
    expect((await fetch(`${shop.url}/summary?words=1`)).status).toBe(503);
    expect((await fetch(`${shop.url}/almanac?city=Rome`)).status).toBe(402);
  });
});

test.each(["/almanac?city=Rome", "/summary?words=120"])(
  "%s says to buyers without an allowance that Permit2 needs one",
  async (path) => {
    const buy = await officialBuyer({ allows: false });
    const { status, body, headers, paid } = await buy(path);
    expect(status).toBe(412);
    expect(JSON.parse(body)).toEqual({ error: "PERMIT2_ALLOWANCE_REQUIRED" });
    expect(Buffer.from(String(headers["payment-required"]), "base64").toString()).toContain(
      "PERMIT2_ALLOWANCE_REQUIRED",
    );
    expect(paid).toBe(0n);
  },
);

test.each(["/almanac?city=Rome&fail=true", "/summary?words=1&fail=true"])(
  "%s, whose handler fails, costs nothing",
  async (path) => {
    const { status, paid } = await (await officialBuyer())(path);
    expect(status).toBe(502);
    expect(paid).toBe(0n);
  },
);

describe("x402 v1, which knows neither", () => {
  test("is left out of the challenges of such routes, and does not pay them", async () => {
    const shop = await start({ protocols: ["x402@2", "x402@1"] });
    onTestFinished(shop.stop);
    const answer = await fetch(`${shop.url}/almanac?city=Rome`, { headers: { "x-payment": "e30=" } });
    expect(answer.status).toBe(402);
    expect(await answer.json()).toEqual({});
    const { items } = z
      .object({ items: z.array(z.object({ x402Version: z.number(), resource: z.string() })) })
      .parse(await (await fetch(`${shop.url}/.well-known/x402`)).json());
    expect(items.filter(({ resource }) => resource.endsWith("/almanac"))).toMatchObject([{ x402Version: 2 }]);
  });

  test("alone cannot sell them", async () => {
    const shop = await start({ protocols: ["x402@1"] });
    onTestFinished(shop.stop);
    expect((await fetch(`${shop.url}/almanac?city=Rome`)).status).toBe(404);
    const price = 1n;
    const byPermit = route({
      method: "GET",
      path: "/",
      price,
      paidBy: "permit2",
      description: "",
      input: z.object({}),
      handle: () => ({}),
    });
    await expect(start({ protocols: ["x402@1"], routes: [byPermit] })).rejects.toMatchObject({
      code: "config",
      message: "GET / is paid by permit2, which x402@1 does not know.",
    });
  });
});
