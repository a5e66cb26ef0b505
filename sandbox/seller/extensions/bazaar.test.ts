import { extractDiscoveryInfo, validateDiscoveryExtension } from "@x402/extensions/bazaar";
import { expect, test } from "vitest";
import { z } from "zod";
import { namedAccounts } from "../../chain/index.ts";
import { route } from "../route.ts";
import { challengeOf, signedPayment } from "../testing/buyer.ts";
import { openShop } from "../testing/shop.ts";
import { bazaar } from "./bazaar.ts";

const routes = [
  route({
    method: "GET",
    path: "/weather",
    price: 1_000n,
    description: "The weather in a city",
    input: z.object({ query: z.strictObject({ city: z.string().min(1) }) }),
    example: { query: { city: "Berlin" } },
    handle: () => ({}),
  }),
  route({
    method: "POST",
    path: "/echo",
    price: 1_000n,
    description: "The message that was sent",
    input: z.object({ body: z.strictObject({ message: z.string() }) }),
    example: { body: { message: "hello" } },
    handle: () => ({}),
  }),
  route({
    method: "GET",
    path: "/cities/:name",
    price: 1_000n,
    description: "A city",
    input: z.object({ params: z.object({ name: z.string() }) }),
    handle: () => ({}),
  }),
  route({
    method: "POST",
    path: "/undescribed",
    price: 1_000n,
    description: "Says nothing of its body",
    input: z.object({}),
    handle: () => ({}),
  }),
];

/** What the official package makes of the extension in a payment for a request. */
async function discovered(path: string, body?: string) {
  const shop = await openShop({}, { routes, extensions: [bazaar()] });
  const answer = await shop.ask(path, body === undefined ? {} : { method: "POST", body });
  const challenge = challengeOf(answer);
  const { extensions } = challenge;
  if (extensions === undefined) return undefined;
  expect(validateDiscoveryExtension(extensions.bazaar as never)).toEqual({ valid: true });
  const payment = await signedPayment(challenge, namedAccounts.payer.privateKey);
  return extractDiscoveryInfo({ ...payment, extensions } as never, payment.accepted as never);
}

test("a query is described by its schema and an example, not by what was asked for", async () => {
  expect(await discovered("/weather?city=Rome")).toMatchObject({
    method: "GET",
    discoveryInfo: { input: { type: "http", method: "GET", queryParams: { city: "Berlin" } } },
  });
});

test("a body is described", async () => {
  expect(await discovered("/echo", '{"message":"secret"}')).toMatchObject({
    method: "POST",
    discoveryInfo: { input: { method: "POST", bodyType: "json", body: { message: "hello" } } },
  });
});

test("a route with parameters is listed under its template", async () => {
  const found = await discovered("/cities/Oslo");
  expect(found).toMatchObject({ routeTemplate: "/cities/:name" });
  expect(found?.discoveryInfo.input).toMatchObject({ pathParams: { name: "Oslo" } });
});

test("a body without an example is not described", async () => {
  expect(await discovered("/undescribed", "{}")).toBeUndefined();
});
