import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { derivePayer } from "../chain/index.ts";
import { type Sandbox, startSandbox } from "../sandbox.ts";
import type { BuyerOptions } from "./buyer.ts";
import { buyerOf, failureOf, readyFor } from "./testing/buying.ts";

let sandbox: Sandbox;
let url: string;
beforeAll(async () => {
  sandbox = await startSandbox({ protocols: ["x402@2", "x402@1"] });
  url = `${sandbox.description.sellerUrl}/weather?city=Rome`;
});
afterAll(() => sandbox.stop());

/** A buyer with an account of its own that holds 0.01 USDC. */
async function fundedBuyer(label: string, options: BuyerOptions = {}) {
  const account = privateKeyToAccount(derivePayer("client", label).privateKey);
  await sandbox.chain.fund(account.address, 10_000n);
  const { network, rpcUrl } = sandbox.description;
  const buyer = buyerOf({ signer: account, rpcUrls: { [network]: rpcUrl }, ...options });
  return { buyer, balance: () => sandbox.chain.ledger.balanceOf(account.address) };
}

/** Lets answers arrive as from a seller that speaks v1 alone. */
const withoutV2: typeof fetch = async (input, init) => {
  const { status, headers, body } = await fetch(input, init);
  const kept = [...headers].filter(([name]) => name !== "payment-required");
  return new Response(body, { status, headers: kept });
};

describe("on the reference seller and a chain", () => {
  test("a payment moves the price, once, and lookup confirms it by its nonce", async () => {
    const { buyer, balance } = await fundedBuyer("once");
    const prepared = await readyFor(buyer, url);
    const [paid] = await Promise.all([buyer.execute(prepared), buyer.execute(prepared)]);
    expect(await paid.response.json()).toMatchObject({ city: "Rome" });
    expect(await balance()).toBe(9_000n);
    const { transaction } = paid.receipt;
    expect(await buyer.lookup(paid.receipt)).toEqual({
      state: "confirmed",
      transaction,
      block: expect.any(BigInt),
    });
  });

  test("lookup believes the chain, not the transaction that the seller names", async () => {
    const { buyer } = await fundedBuyer("lies");
    const [one, other] = [await buyer.pay(url), await buyer.pay(url)];
    if (one.kind !== "paid" || other.kind !== "paid") throw new Error("not paid");
    const mixedUp = { ...one.receipt, transaction: other.receipt.transaction };
    expect(await buyer.lookup(mixedUp)).toEqual({ state: "confirmed" });
    const neverUsed = { ...one.receipt, nonce: `0x${"12".repeat(32)}` } as const;
    expect(await buyer.lookup(neverUsed)).toMatchObject({ state: "provisional" });
    expect(await buyer.lookup({ ...neverUsed, validBefore: "1" })).toEqual({ state: "void" });
    expect(await buyer.lookup({ ...one.receipt, network: "eip155:1" })).toMatchObject({
      state: "provisional",
    });
  });

  test("a chain that cannot be read leaves a payment provisional", async () => {
    const { network } = sandbox.description;
    const { buyer } = await fundedBuyer("blind", { rpcUrls: { [network]: "http://127.0.0.1:1" } });
    const paid = await buyer.pay(url);
    if (paid.kind !== "paid") throw new Error(paid.kind);
    expect(await buyer.lookup(paid.receipt)).toMatchObject({ state: "provisional" });
  });

  test("v1 is paid as well", async () => {
    const { buyer, balance } = await fundedBuyer("v1", { fetch: withoutV2 });
    const paid = await buyer.pay(url);
    expect(paid).toMatchObject({ kind: "paid", moneyMoved: "yes", receipt: { x402Version: 1 } });
    expect(await balance()).toBe(9_000n);
  });

  test("a dead authorization is forgotten, and only that one", async () => {
    let time = Math.floor(Date.now() / 1000) - 10_000;
    const { buyer, balance } = await fundedBuyer("dead", { now: () => time });
    const request = { url, idempotencyKey: "k" };
    expect(await failureOf(buyer.pay(request))).toMatchObject({ code: "payment-refused" });
    time += 10_000;
    expect(await buyer.pay(request)).toMatchObject({ kind: "paid", moneyMoved: "yes" });
    expect(await balance()).toBe(9_000n);
  });
});

describe("hints about the request's shape", () => {
  test("come from what the server publishes, with their source; what is missing is an issue", async () => {
    const { sellerUrl } = sandbox.description;
    const { buyer } = await fundedBuyer("hints", { discover: true });
    const prepared = await buyer.prepare(`${sellerUrl}/weather`);
    expect(prepared).toMatchObject({
      kind: "passthrough",
      hints: [
        {
          source: "openapi",
          foundAt: `${sellerUrl}/openapi.json`,
          parameters: [{ name: "city", in: "query", required: true }],
        },
        { source: "well-known", foundAt: `${sellerUrl}/.well-known/x402`, method: "GET" },
      ],
      issues: [{ source: "openapi", code: "missing-parameter", where: "query.city" }],
      nextAction: { action: "correct-request" },
    });
    const echo = { url: `${sellerUrl}/echo`, json: { message: "hi" } };
    expect(await buyer.prepare(echo)).toMatchObject({
      kind: "ready",
      issues: [],
      nextAction: { action: "execute" },
    });
  });
});
