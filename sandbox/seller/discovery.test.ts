import { expect, test } from "vitest";
import { referenceRoutes } from "./routes.ts";
import { openShop, terms } from "./testing/shop.ts";

test("/.well-known/x402 lists what is for sale", async () => {
  const shop = await openShop();
  const { status, body } = await shop.ask("/.well-known/x402");
  expect(status).toBe(200);
  const { items, resources } = JSON.parse(body);
  expect(resources).toEqual(
    ["/weather", "/echo", "/premium", "/forecast", "/flaky", "/almanac", "/summary", "/ticket"].map(
      (path) => `${shop.url}${path}`,
    ),
  );
  expect(items[0]).toMatchObject({
    method: "GET",
    x402Version: 2,
    accepts: [
      { scheme: "exact", amount: "1000", asset: terms.asset, payTo: terms.payTo, network: terms.network },
    ],
  });
});

test("/openapi.json describes every route, its input and its price", async () => {
  const shop = await openShop();
  const { openapi, servers, paths } = JSON.parse((await shop.ask("/openapi.json")).body);
  expect(openapi).toBe("3.1.0");
  expect(servers).toEqual([{ url: shop.url }]);
  expect(Object.keys(paths)).toEqual(referenceRoutes.map(({ path }) => path));
  expect(paths["/weather"].get).toMatchObject({
    "x-payment-info": { amount: "1000" },
    parameters: [
      { name: "city", in: "query", required: true, schema: { type: "string", minLength: 1, maxLength: 100 } },
    ],
  });
  expect(paths["/echo"].post.requestBody).toMatchObject({
    required: true,
    content: { "application/json": { schema: { required: ["message"], additionalProperties: false } } },
  });
  expect(paths["/flaky"].get.parameters).toMatchObject([{ name: "fail", required: false }]);
  expect(paths["/summary"].get).toMatchObject({
    "x-payment-info": { scheme: "upto", amount: "5000" },
    parameters: [
      { name: "words", required: true, schema: { type: "integer" } },
      { name: "fail", required: false },
    ],
  });
  expect(paths["/free"].get).not.toHaveProperty("x-payment-info");
});
