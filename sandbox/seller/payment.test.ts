import { beforeEach, describe, expect, test } from "vitest";
import { namedAccounts } from "../chain/index.ts";
import { challengeOf, receiptOf } from "./testing/buyer.ts";
import { transaction } from "./testing/scripted-facilitator.ts";
import { openShop, type Shop, terms } from "./testing/shop.ts";

const weather = "/weather?city=Rome";
const payer = namedAccounts.payer.address;
let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});

test("a paid request gets the goods and a receipt", async () => {
  const answer = await shop.pay(weather, await shop.sign(weather));
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.body)).toMatchObject({ city: "Rome" });
  expect(answer.headers["cache-control"]).toBe("private");
  expect(receiptOf(answer)).toEqual({ success: true, transaction, network: "eip155:84532", payer });
  expect(shop.work).toEqual([{ route: "GET /weather", url: `${shop.url}${weather}` }]);
  expect(shop.facilitator.calls.map(({ endpoint }) => endpoint)).toEqual(["verify", "settle"]);
});

test("a paid POST gets the goods", async () => {
  const request = { method: "POST", body: '{"message":"hello"}' };
  const answer = await shop.pay("/echo", await shop.sign("/echo", request), request);
  expect(answer).toMatchObject({ status: 200, body: '{"echo":"hello"}' });
});

test("a paid HEAD is told the price, and keeps its payment for the goods", async () => {
  const payment = await shop.sign(weather);
  const told = await shop.pay(weather, payment, { method: "HEAD" });
  expect(told).toMatchObject({ status: 402, body: "" });
  expect(challengeOf(told)).toEqual(challengeOf(await shop.ask(weather)));
  expect(shop.facilitator.calls).toEqual([]);
  expect(shop.work).toEqual([]);
  expect((await shop.pay(weather, payment)).status).toBe(200);
});

test("the facilitator is asked about the seller's own requirements", async () => {
  const payment = await shop.sign(weather);
  const accepted = {
    ...payment.accepted,
    asset: terms.asset.toLowerCase(),
    extra: { ...payment.accepted.extra, note: "client's" },
  };
  expect((await shop.pay(weather, { ...payment, accepted })).status).toBe(200);
  for (const { body } of shop.facilitator.calls) expect(body.paymentRequirements).toEqual(payment.accepted);
});

describe("a malformed payment is refused with 400 and a fresh challenge", () => {
  test.each<[string, string]>([
    ["text", "hello"],
    ["nothing", ""],
    ["base64url", `${Buffer.from('{"a":"???>>>"}').toString("base64url")}_-`],
    ["base64 of text", Buffer.from("hello").toString("base64")],
    ...["null", "[]", "{}", '"x"', "1", '{"x402Version":2}'].map((json): [string, string] => [
      json,
      Buffer.from(json).toString("base64"),
    ]),
  ])("%s", async (_name, header) => {
    const answer = await shop.ask(weather, { headers: { "payment-signature": header } });
    expect(answer.status).toBe(400);
    expect(challengeOf(answer).error).toMatch(/^invalid_/);
    expect(shop.facilitator.calls).toEqual([]);
  });

  test.each([
    ["version 1", { x402Version: 1 }],
    ["version as text", { x402Version: "2" }],
    ["no accepted", { accepted: undefined }],
    ["no payload", { payload: undefined }],
    ["an empty payload", { payload: {} }],
  ])("%s", async (_name, change) => {
    const answer = await shop.pay(weather, { ...(await shop.sign(weather)), ...change });
    expect(answer.status).toBe(400);
    expect(challengeOf(answer).error).toMatch(/^invalid_/);
    expect(shop.facilitator.calls).toEqual([]);
  });

  test("sent twice", async () => {
    const header = Buffer.from(JSON.stringify(await shop.sign(weather))).toString("base64");
    const answer = await shop.ask(weather, { headers: { "payment-signature": [header, header] } });
    expect(answer.status).toBe(400);
    expect(shop.facilitator.calls).toEqual([]);
  });
});

test("an oversized header is 4xx, and the seller goes on serving", async () => {
  const answer = await shop.ask(weather, { headers: { "payment-signature": "A".repeat(20_000) } });
  expect(answer.status).toBe(431);
  expect((await shop.ask(weather)).status).toBe(402);
});

test("a v1 payment header means nothing", async () => {
  const payment = Buffer.from(JSON.stringify(await shop.sign(weather))).toString("base64");
  const answer = await shop.ask(weather, { headers: { "x-payment": payment } });
  expect(answer.status).toBe(402);
  expect(challengeOf(answer).error).toBe("Payment required");
});

describe("a payment for something else is refused with 402 and a fresh challenge", () => {
  test.each([
    ["scheme", "upto"],
    ["network", "eip155:8453"],
    ["amount", "999"],
    ["amount", "1001"],
    ["amount", "01000"],
    ["asset", "0x0000000000000000000000000000000000000001"],
    ["payTo", "0x0000000000000000000000000000000000000001"],
    ["maxTimeoutSeconds", 299],
    ["extra", undefined],
    ["extra", { name: "USDC", version: "2" }],
  ])("accepted.%s %s", async (field, value) => {
    const payment = await shop.sign(weather);
    const answer = await shop.pay(weather, { ...payment, accepted: { ...payment.accepted, [field]: value } });
    expect(answer.status).toBe(402);
    expect(challengeOf(answer).error).toContain(`accepted.${field}`);
    expect(shop.facilitator.calls).toEqual([]);
  });

  test.each(["name", "version", "requestHash"])("accepted.extra.%s", async (key) => {
    const payment = await shop.sign(weather);
    const accepted = { ...payment.accepted, extra: { ...payment.accepted.extra, [key]: "other" } };
    const answer = await shop.pay(weather, { ...payment, accepted });
    expect(answer.status).toBe(402);
    expect(challengeOf(answer).error).toContain(`accepted.extra.${key}`);
    expect(shop.facilitator.calls).toEqual([]);
  });

  test("another resource.url", async () => {
    const payment = await shop.sign(weather);
    const resource = { url: `${shop.url}/weather?city=Oslo` };
    expect((await shop.pay(weather, { ...payment, resource })).status).toBe(402);
    expect((await shop.pay(weather, { ...payment, resource: undefined })).status).toBe(200);
  });

  test("another query, body or route", async () => {
    const echo = { method: "POST", body: '{"message":"a"}' };
    const forRome = { ...(await shop.sign(weather)), resource: undefined };
    const forA = { ...(await shop.sign("/echo", echo)), resource: undefined };
    expect((await shop.pay("/weather?city=Oslo", forRome)).status).toBe(402);
    expect((await shop.pay("/premium", forRome)).status).toBe(402);
    expect((await shop.pay("/echo", forA, { method: "POST", body: '{"message":"b"}' })).status).toBe(402);
    expect(shop.facilitator.calls).toEqual([]);
    expect((await shop.pay("/echo", forA, echo)).status).toBe(200);
  });
});
