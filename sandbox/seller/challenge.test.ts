import { beforeEach, describe, expect, test } from "vitest";
import { challengeOf, firstOf } from "./testing/buyer.ts";
import { openShop, type Shop, terms } from "./testing/shop.ts";

const weather = "/weather?city=Rome";
let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});

describe("an unpaid request", () => {
  test("is asked for its price", async () => {
    const answer = await shop.ask(weather);
    expect(answer).toMatchObject({ status: 402, body: "{}" });
    expect(answer.headers).toMatchObject({
      "content-type": "application/json; charset=utf-8",
      "cache-control": "no-store",
      "access-control-expose-headers": "PAYMENT-REQUIRED, PAYMENT-RESPONSE",
    });
    expect(challengeOf(answer)).toEqual({
      x402Version: 2,
      error: "Payment required",
      resource: {
        url: `${shop.url}${weather}`,
        description: "The weather in a city",
        mimeType: "application/json",
      },
      accepts: [
        {
          scheme: "exact",
          network: "eip155:84532",
          amount: "1000",
          asset: terms.asset,
          payTo: terms.payTo,
          maxTimeoutSeconds: 300,
          extra: { name: "USDC", version: "2", requestHash: expect.stringMatching(/^[0-9a-f]{64}$/) },
        },
      ],
    });
    expect(shop.facilitator.calls).toEqual([]);
  });

  test.each([
    ["GET /premium", "/premium", undefined, "50000"],
    ["GET /flaky", "/flaky?fail=true", undefined, "3000"],
    ["POST /echo", "/echo", { method: "POST", body: '{"message":"hi"}' }, "2000"],
  ])("of %s costs what the registry says", async (_name, path, request, amount) => {
    expect(firstOf(challengeOf(await shop.ask(path, request))).amount).toBe(amount);
  });

  test("gets the same challenge each time, and another request another one", async () => {
    const [first, again, other] = await Promise.all(
      [weather, weather, "/weather?city=Oslo"].map((path) => shop.ask(path)),
    );
    expect(first?.headers["payment-required"]).toBe(again?.headers["payment-required"]);
    expect(first?.headers["payment-required"]).not.toBe(other?.headers["payment-required"]);
  });

  test("of a browser gets a page, with the same challenge in its header", async () => {
    const headers = { accept: "text/html,*/*", "user-agent": "Mozilla/5.0 (X11) Firefox/140.0" };
    const [page, plain] = [await shop.ask(weather, { headers }), await shop.ask(weather)];
    expect(page).toMatchObject({ status: 402, body: expect.stringContaining("<h1>Payment required</h1>") });
    expect(page.headers["content-type"]).toContain("text/html");
    expect(page.headers["payment-required"]).toBe(plain.headers["payment-required"]);
  });

  test("by HEAD is asked as well, without a body", async () => {
    const answer = await shop.ask(weather, { method: "HEAD" });
    expect(answer).toMatchObject({ status: 402, body: "" });
    expect(firstOf(challengeOf(answer)).amount).toBe("1000");
  });

  test("that names another method in a header is what it is", async () => {
    const headers = {
      "x-http-method-override": "OPTIONS",
      "x-original-url": "/free",
      "x-rewrite-url": "/free",
    };
    expect((await shop.ask(weather, { headers })).status).toBe(402);
  });
});

describe("an invalid request", () => {
  test.each([
    ["without a city", "/weather", undefined, "query.city"],
    ["with an empty city", "/weather?city=", undefined, "query.city"],
    ["with a city of 101 characters", `/weather?city=${"x".repeat(101)}`, undefined, "query.city"],
    ["with two cities", "/weather?city=Rome&city=Oslo", undefined, "query.city"],
    ["with an unknown parameter", "/weather?city=Rome&unit=K", undefined, "unit"],
    ["without a body", "/echo", { method: "POST" }, "body"],
    ["whose body is not JSON", "/echo", { method: "POST", body: "{message" }, "body: not JSON"],
    ["whose body is empty JSON", "/echo", { method: "POST", body: "" }, "body"],
    ["with a message that is a number", "/echo", { method: "POST", body: '{"message":1}' }, "body.message"],
    ["with an unknown field", "/echo", { method: "POST", body: '{"message":"a","to":"b"}' }, "to"],
  ])("%s is refused with the reason, paid or not", async (_name, path, request, reason) => {
    const payment = await shop.sign(weather);
    for (const answer of [await shop.ask(path, request), await shop.pay(path, payment, request)]) {
      expect(answer.status).toBe(400);
      expect(JSON.parse(answer.body)).toMatchObject({ reason: expect.stringContaining(reason) });
      expect(answer.headers).not.toHaveProperty("payment-required");
    }
    expect(shop.facilitator.calls).toEqual([]);
  });

  test("in another media type is refused", async () => {
    const headers = { "content-type": "text/plain" };
    expect((await shop.ask("/echo", { method: "POST", body: '{"message":"a"}', headers })).status).toBe(415);
  });
});

describe("what costs nothing", () => {
  test.each(["/free", "/health"])("%s is served, and is no paid work", async (path) => {
    expect(await shop.ask(path)).toMatchObject({ status: 200 });
    expect(shop.work).toEqual([]);
  });

  test("an unknown route is 404", async () => {
    const answer = await shop.ask("/nothing");
    expect(answer).toMatchObject({ status: 404, body: '{"error":"not_found"}' });
    expect(answer.headers["access-control-allow-origin"]).toBe("*");
  });

  test("a preflight is answered and allows the payment header", async () => {
    const answer = await shop.ask(weather, { method: "OPTIONS", headers: { origin: "https://app.example" } });
    expect(answer.status).toBe(204);
    expect(answer.headers["access-control-allow-origin"]).toBe("*");
    expect(answer.headers["access-control-allow-headers"]).toContain("PAYMENT-SIGNATURE");
  });
});

test.each([
  "/WEATHER?city=Rome",
  "/weather/?city=Rome",
  "//weather?city=Rome",
  "/./weather?city=Rome",
  "/x/../weather?city=Rome",
  "/we%61ther?city=Rome",
  "/%2Fweather?city=Rome",
  "/weather%2F?city=Rome",
  "/weather%0A?city=Rome",
  "/weather%5C?city=Rome",
  "/weather;x?city=Rome",
  "/weather#x?city=Rome",
  "/weather%zz?city=Rome",
  "http://127.0.0.1/weather?city=Rome",
])("the spelling %s opens nothing", async (path) => {
  const answer = await shop.ask(path);
  expect([400, 404]).toContain(answer.status);
  expect(answer.body).not.toContain("temperature");
});
