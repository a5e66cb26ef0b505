import Fastify, { type FastifyServerOptions } from "fastify";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { namedAccounts } from "../chain/index.ts";
import { x402Seller } from "./plugin.ts";
import { type HandlerResult, route } from "./route.ts";
import { challengeOf, paymentHeader, receiptOf, signedPayment } from "./testing/buyer.ts";
import { send } from "./testing/http.ts";
import { type Script, scriptedFacilitator } from "./testing/scripted-facilitator.ts";
import { terms } from "./testing/shop.ts";

/** A user's own app: one paid route from the plugin, one free of its own. */
async function openApp(
  handle: (input: { params: { name: string } }) => HandlerResult,
  { server = {}, prefix, settle }: { server?: FastifyServerOptions; prefix?: string; settle?: Script } = {},
) {
  const facilitator = await scriptedFacilitator(settle === undefined ? {} : { settle: [settle] });
  const app = Fastify({ ...server, forceCloseConnections: true });
  app.register(x402Seller, {
    ...terms,
    facilitatorUrl: facilitator.url,
    ...(prefix === undefined ? {} : { prefix }),
    routes: [
      route({
        method: "GET",
        path: "/cities/:name",
        price: 10n,
        description: "A city",
        input: z.object({ params: z.object({ name: z.string().max(20) }) }),
        handle,
      }),
    ],
  });
  app.post("/mine", (request) => ({ got: request.body }));
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  const buy = async (path: string, headers: Record<string, string> = {}) => {
    const payment = await signedPayment(
      challengeOf(await send(url, path, { headers })),
      namedAccounts.payer.privateKey,
    );
    return send(url, path, { headers: { ...headers, ...paymentHeader(payment) } });
  };
  onTestFinished(async () => {
    await app.close();
    await facilitator.stop();
  });
  return { url, facilitator, buy };
}

const named = ({ params }: { params: { name: string } }) => ({ body: { name: params.name } });

test("routes with parameters are sold, under a prefix too", async () => {
  const app = await openApp(named, { prefix: "/v1" });
  expect(challengeOf(await send(app.url, "/v1/cities/Rome")).resource.url).toBe(`${app.url}/v1/cities/Rome`);
  expect(await app.buy("/v1/cities/Rome")).toMatchObject({ status: 200, body: '{"name":"Rome"}' });
  expect((await send(app.url, `/v1/cities/${"x".repeat(21)}`)).status).toBe(400);
  expect((await send(app.url, "/v1/c%69ties/Rome")).status).toBe(404);
  expect((await send(app.url, "/v1/cities/%2e%2e")).status).toBe(404);
  const { body } = await send(app.url, "/v1/.well-known/x402");
  expect(JSON.parse(body).resources).toEqual([`${app.url}/v1/cities/:name`]);
});

test("the app's own routes are untouched", async () => {
  const app = await openApp(named);
  const mine = await send(app.url, "/mine", { method: "POST", body: '{"a":1}' });
  expect(mine).toMatchObject({ status: 200, body: '{"got":{"a":1}}' });
  expect(mine.headers).not.toHaveProperty("access-control-allow-origin");
});

describe("resource.url", () => {
  const forwarded = { host: "inner:1", "x-forwarded-host": "api.example", "x-forwarded-proto": "https" };

  test("is what was asked for", async () => {
    const app = await openApp(named);
    const answer = await send(app.url, "/cities/Rome?a=1", { headers: forwarded });
    expect(challengeOf(answer).resource.url).toBe("http://inner:1/cities/Rome?a=1");
  });

  test("is the public URL behind a trusted proxy, where the payment is taken too", async () => {
    const app = await openApp(named, { server: { trustProxy: true } });
    const answer = await send(app.url, "/cities/Rome", { headers: forwarded });
    expect(challengeOf(answer).resource.url).toBe("https://api.example/cities/Rome");
    expect((await app.buy("/cities/Rome", forwarded)).status).toBe(200);
  });

  test("cannot be made of nonsense", async () => {
    const app = await openApp(named);
    expect((await send(app.url, "/cities/Rome", { headers: { host: "a b" } })).status).toBe(400);
  });
});

describe("a handler", () => {
  const generous = () => ({
    status: 201,
    headers: {
      "set-cookie": "session=1",
      "x-own": "1",
      "cache-control": "public, max-age=60",
      "payment-response": "mine",
    },
    body: new TextEncoder().encode("bytes"),
  });

  test("decides status, headers and body; the receipt and privacy are the seller's", async () => {
    const app = await openApp(generous);
    const answer = await app.buy("/cities/Rome");
    expect(answer).toMatchObject({ status: 201, body: "bytes" });
    expect(answer.headers).toMatchObject({
      "set-cookie": ["session=1"],
      "x-own": "1",
      "cache-control": "max-age=60, private",
    });
    expect(receiptOf(answer).success).toBe(true);
  });

  test("shows nothing when the settlement fails", async () => {
    const refused = () => ({
      success: false,
      errorReason: "insufficient_funds",
      transaction: "",
      network: "",
    });
    const app = await openApp(generous, { settle: refused });
    const answer = await app.buy("/cities/Rome");
    expect(answer).toMatchObject({ status: 402, body: "" });
    for (const name of ["set-cookie", "x-own"]) expect(answer.headers).not.toHaveProperty(name);
    expect(receiptOf(answer).success).toBe(false);
  });

  test("that throws costs nothing and shows nothing", async () => {
    const app = await openApp(() => {
      throw new Error("password is hunter2");
    });
    const answer = await app.buy("/cities/Rome");
    expect(answer).toMatchObject({ status: 500, body: '{"error":"Internal server error"}' });
    expect(app.facilitator.count("settle")).toBe(0);
  });
});
