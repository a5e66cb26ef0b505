import { describe, expect, test } from "vitest";
import { PaymentRequirementsSchema, SettleResponseSchema } from "x402/types";
import { namedAccounts, usdcDomain } from "../chain/index.ts";
import { type PaymentPayload, x402V1 } from "../protocol/index.ts";
import type { ProtocolId } from "./protocols.ts";
import { startSeller } from "./seller.ts";
import { challengeOf } from "./testing/buyer.ts";
import type { RawAnswer } from "./testing/http.ts";
import { pending, type Script, settled, transaction } from "./testing/scripted-facilitator.ts";
import { openShop, type Shop, terms } from "./testing/shop.ts";

const weather = "/weather?city=Rome";
const inV1: readonly ProtocolId[] = ["x402@1"];
const inBoth: readonly ProtocolId[] = ["x402@2", "x402@1"];

function open(protocols: readonly ProtocolId[], scripts: { verify?: Script[]; settle?: Script[] } = {}) {
  return openShop(scripts, { protocols });
}

function challengeV1Of(answer: RawAnswer) {
  const challenge = x402V1.readChallenge(answer);
  if (!challenge?.ok) throw new Error(`no v1 challenge in ${answer.status} ${answer.body}`);
  return challenge.value;
}

function receiptV1Of(answer: RawAnswer) {
  const receipt = x402V1.readReceipt(answer);
  if (!receipt?.ok) throw new Error(`no v1 receipt in ${answer.status} ${JSON.stringify(answer.headers)}`);
  return receipt.value;
}

/** Sends the authorization of a v2 payment as a v1 payment, changed by `change`. */
function payV1(shop: Shop, path: string, { payload }: PaymentPayload, change: object = {}) {
  const payment = { x402Version: 1, scheme: "exact", network: "base-sepolia", payload, ...change };
  const header = Buffer.from(JSON.stringify(payment)).toString("base64");
  return shop.ask(path, { headers: { "x-payment": header } });
}

/** A payment for a shop that may not offer it in v2. */
async function sign(path = weather): Promise<PaymentPayload> {
  return (await openShop()).sign(path);
}

describe("a 402", () => {
  test("of a seller of v1 has its challenge in the body, as the official schema wants it", async () => {
    const shop = await open(inV1);
    const answer = await shop.ask(weather);
    expect(answer.status).toBe(402);
    expect(answer.headers).not.toHaveProperty("payment-required");
    expect(answer.headers).toMatchObject({
      "content-type": "application/json; charset=utf-8",
      "cache-control": "no-store",
      "access-control-expose-headers": "X-PAYMENT-RESPONSE",
    });
    const { accepts, ...rest } = JSON.parse(answer.body);
    expect(rest).toEqual({ x402Version: 1, error: "Payment required" });
    expect(accepts.map((entry: unknown) => PaymentRequirementsSchema.parse(entry))).toEqual([
      {
        scheme: "exact",
        network: "base-sepolia",
        maxAmountRequired: "1000",
        asset: terms.asset,
        payTo: terms.payTo,
        resource: `${shop.url}${weather}`,
        description: "The weather in a city",
        mimeType: "application/json",
        maxTimeoutSeconds: 300,
        extra: { ...usdcDomain, requestHash: expect.any(String) },
      },
    ]);
  });

  test("of a seller of both has the same price in header and body", async () => {
    const answer = await (await open(inBoth)).ask(weather);
    const { network: _, amount, ...v2 } = challengeOf(answer).accepts[0] ?? {};
    expect(challengeV1Of(answer).accepts).toMatchObject([
      { ...v2, network: "base-sepolia", maxAmountRequired: amount },
    ]);
  });

  test("says the same in whatever order the versions were named", async () => {
    const [one, other] = [await open(inBoth), await open([...inBoth].reverse())];
    const answers = [await one.ask(weather), await other.ask(weather)];
    for (const answer of answers) {
      expect(challengeOf(answer).x402Version).toBe(2);
      expect(challengeV1Of(answer).x402Version).toBe(1);
    }
  });
});

test("the facilitator is asked in v2, about the seller's own terms", async () => {
  const shop = await open(inV1);
  const payment = await sign();
  expect((await payV1(shop, weather, payment)).status).toBe(200);
  expect(shop.facilitator.calls).toMatchObject(
    ["verify", "settle"].map((endpoint) => ({
      endpoint,
      body: {
        x402Version: 2,
        paymentPayload: { payload: payment.payload },
        paymentRequirements: { network: "eip155:84532", amount: "1000", payTo: terms.payTo },
      },
    })),
  );
});

test("the receipt names the payer, though the facilitator does not", async () => {
  const answer = await payV1(await open(inV1), weather, await sign());
  expect(receiptV1Of(answer)).toEqual({
    success: true,
    transaction,
    network: "base-sepolia",
    payer: namedAccounts.payer.address,
  });
});

describe("a v1 payment is refused with a fresh challenge, and nothing is asked or done:", () => {
  const changes: [title: string, change: object, status: number][] = [
    ["another network", { network: "base" }, 402],
    ["an unknown network", { network: "nowhere" }, 400],
    ["a CAIP-2 network", { network: "eip155:84532" }, 400],
    ["another scheme", { scheme: "upto" }, 402],
    ["version 2", { x402Version: 2 }, 400],
    ["version as text", { x402Version: "1" }, 400],
    ["no payload", { payload: undefined }, 400],
    ["an empty payload", { payload: {} }, 400],
  ];

  test.each(changes)("%s", async (_title, change, status) => {
    const shop = await open(inV1);
    expectRefused(shop, await payV1(shop, weather, await sign(), change), status);
  });

  test.each([
    ["no base64", "%%%"],
    ["no JSON", Buffer.from("hello").toString("base64")],
    ["null", Buffer.from("null").toString("base64")],
    ["an array", Buffer.from("[]").toString("base64")],
    ["empty", ""],
  ])("%s", async (_title, header) => {
    const shop = await open(inV1);
    expectRefused(shop, await shop.ask(weather, { headers: { "x-payment": header } }), 400);
  });

  test("v2's PAYMENT-SIGNATURE is no payment to a seller of v1", async () => {
    const shop = await open(inV1);
    expectRefused(shop, await shop.pay(weather, await sign()), 402);
  });

  test("X-PAYMENT is no payment to a seller of v2", async () => {
    const shop = await openShop();
    const answer = await payV1(shop, weather, await sign());
    expect(answer).toMatchObject({ status: 402, body: "{}" });
    expect(shop.facilitator.calls).toEqual([]);
  });

  function expectRefused(shop: Shop, answer: RawAnswer, status: number) {
    expect(answer.status).toBe(status);
    expect(challengeV1Of(answer).accepts).toHaveLength(1);
    expect(shop.facilitator.calls).toEqual([]);
    expect(shop.work).toEqual([]);
  }
});

test("a payment that the facilitator refuses is answered with v1's code", async () => {
  const invalidReason = "invalid_exact_evm_payload_authorization_value_mismatch";
  const shop = await open(inV1, { verify: [() => ({ isValid: false, invalidReason })] });
  const answer = await payV1(shop, weather, await sign());
  expect(answer.status).toBe(402);
  expect(challengeV1Of(answer).error).toBe("invalid_exact_evm_payload_authorization_value");
});

describe("a settlement that fails", () => {
  const failed: Script = () => ({
    success: false,
    errorReason: "insufficient_funds",
    transaction: "",
    network: "eip155:84532",
  });

  test.each([
    ["v1", inV1],
    ["both", inBoth],
  ])("is a 402 with receipt and accepts for a v1 buyer of a seller of %s", async (_title, protocols) => {
    const shop = await open(protocols, { settle: [failed] });
    const answer = await payV1(shop, weather, await sign());
    expect(answer.status).toBe(402);
    expect(receiptV1Of(answer)).toMatchObject({
      success: false,
      errorReason: "insufficient_funds",
      transaction: "",
      network: "base-sepolia",
    });
    expect(challengeV1Of(answer)).toMatchObject({
      error: "insufficient_funds",
      accepts: [{ scheme: "exact" }],
    });
    expect(answer.headers).not.toHaveProperty("payment-response");
    expect(answer.body).not.toContain("temperature");
  });

  test("has no body for a v2 buyer of a seller of both", async () => {
    const shop = await open(inBoth, { settle: [failed] });
    const answer = await shop.pay(weather, await shop.sign(weather));
    expect(answer).toMatchObject({ status: 402, body: "" });
    expect(answer.headers).not.toHaveProperty("x-payment-response");
  });

  test("or is pending has a code that v1 knows, and can be resumed", async () => {
    const shop = await open(inV1, { settle: [pending, pending, settled] });
    const payment = await sign();
    const answer = await payV1(shop, weather, payment);
    expect(answer.status).toBe(402);
    expect(SettleResponseSchema.parse(receiptV1Of(answer))).toMatchObject({ success: false, transaction });
    expect((await payV1(shop, weather, payment)).status).toBe(200);
    expect(shop.work).toHaveLength(1);
  });
});

describe("one authorization", () => {
  test("used through v1 and v2 at once is one sale", async () => {
    const shop = await open(inBoth);
    const payment = await shop.sign(weather);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, turn) =>
        turn % 2 === 0 ? shop.pay(weather, payment) : payV1(shop, weather, payment),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(402)]);
    expect(shop.work).toHaveLength(1);
    expect(shop.facilitator.count("settle")).toBe(1);
  });

  test("spent in one version buys nothing in the other, nor another resource", async () => {
    const shop = await open(inBoth);
    const payment = await shop.sign(weather);
    expect((await payV1(shop, weather, payment)).status).toBe(200);
    expect((await shop.pay(weather, payment)).status).toBe(402);
    expect((await payV1(shop, "/weather?city=Oslo", payment)).status).toBe(402);
    expect(shop.work).toHaveLength(1);
  });

  test("sent in both headers of one request is one payment, in v2", async () => {
    const shop = await open(inBoth);
    const [one, other] = [await shop.sign(weather), await shop.sign(weather)];
    const header = Buffer.from(
      JSON.stringify({ x402Version: 1, scheme: "exact", network: "base-sepolia", payload: other.payload }),
    ).toString("base64");
    const answer = await shop.pay(weather, one, { headers: { "x-payment": header } });
    expect(answer.status).toBe(200);
    expect(answer.headers).toHaveProperty("payment-response");
    expect(answer.headers).not.toHaveProperty("x-payment-response");
    expect(shop.facilitator.calls).toMatchObject(
      Array(2).fill({ body: { paymentPayload: { payload: one.payload } } }),
    );
  });
});

test("a preflight allows the headers of the versions that are spoken", async () => {
  const { headers } = await (await open(inBoth)).ask(weather, { method: "OPTIONS" });
  expect(headers["access-control-allow-headers"]).toBe(
    "PAYMENT-SIGNATURE, X-PAYMENT, Access-Control-Expose-Headers, Content-Type, Accept",
  );
  expect(headers["access-control-expose-headers"]).toBe(
    "PAYMENT-REQUIRED, PAYMENT-RESPONSE, X-PAYMENT-RESPONSE",
  );
});

test("/.well-known/x402 lists the price in each version", async () => {
  const shop = await open(inBoth);
  const { items, resources } = JSON.parse((await shop.ask("/.well-known/x402")).body);
  const listedIn = (version: number) =>
    items.filter(({ x402Version }: { x402Version: number }) => x402Version === version);
  expect(listedIn(2)).toHaveLength(resources.length);
  // v1 knows neither Permit2 nor upto.
  expect(listedIn(1)).toHaveLength(resources.length - 2);
  expect(
    items.filter(({ resource }: { resource: string }) => resource === `${shop.url}/weather`),
  ).toMatchObject([
    { x402Version: 2, accepts: [{ amount: "1000", network: "eip155:84532" }] },
    { x402Version: 1, accepts: [{ maxAmountRequired: "1000", network: "base-sepolia" }] },
  ]);
});

describe("a seller does not start", () => {
  const options = { ...terms, facilitatorUrl: "http://127.0.0.1:1" };

  test("without any version", async () => {
    await expect(startSeller({ ...options, protocols: [] })).rejects.toMatchObject({ code: "config" });
  });

  test("with v1 on a network that v1 cannot name", async () => {
    const starting = startSeller({ ...options, network: "eip155:31337", protocols: inBoth });
    await expect(starting).rejects.toMatchObject({
      code: "config",
      message: expect.stringContaining("31337"),
    });
  });
});
