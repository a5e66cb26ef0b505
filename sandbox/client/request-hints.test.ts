import { describe, expect, test } from "vitest";
import { buyerOf, sellerOf } from "./testing/buying.ts";
import { challengeWith, demand, demandV1, goodEntry, goodEntryV1 } from "./testing/scripted-seller.ts";

const bazaar = {
  info: {
    input: { type: "http", method: "POST", body: { message: "hi" }, headers: { "x-tenant": "a" } },
    output: { type: "json", example: { echo: "hi" } },
  },
  schema: {
    type: "object",
    properties: {
      input: {
        type: "object",
        properties: {
          body: { type: "object", properties: { message: { type: "string" } }, required: ["message"] },
          headers: { type: "object", properties: { "X-Tenant": { type: "string" } }, required: ["X-Tenant"] },
        },
      },
    },
  },
};

describe("hints in a challenge", () => {
  test("of bazaar name parameters, examples and the answer", async () => {
    const { origin } = await sellerOf({
      unpaid: demand({ ...challengeWith(goodEntry), extensions: { bazaar } }),
    });
    const buyer = buyerOf({});
    const good = { url: origin, json: { message: "hi" }, headers: { "x-tenant": "a" } };
    const { hints, issues } = await buyer.prepare(good);
    expect(hints).toMatchObject([
      { source: "bazaar", foundAt: "extensions.bazaar", method: "POST", output: bazaar.info.output },
    ]);
    expect(hints[0]?.parameters).toContainEqual({
      name: "message",
      in: "body",
      required: true,
      schema: { type: "string" },
      example: "hi",
    });
    expect(issues).toEqual([]);
    expect((await buyer.prepare({ url: origin, json: {} })).issues).toMatchObject([
      { code: "missing-parameter", where: "header.X-Tenant" },
      { code: "missing-parameter", where: "body.message" },
    ]);
    expect((await buyer.prepare(origin)).issues).toMatchObject([{ code: "other-method" }]);
  });

  test("of v1 are in outputSchema", async () => {
    const input = { type: "http", method: "GET", queryParams: { city: { type: "string", required: true } } };
    const { origin } = await sellerOf({ unpaid: demandV1({ ...goodEntryV1, outputSchema: { input } }) });
    expect(await buyerOf({}).prepare(origin)).toMatchObject({
      kind: "ready",
      hints: [{ source: "output-schema", parameters: [{ name: "city", in: "query", required: true }] }],
      issues: [{ where: "query.city" }],
      nextAction: { action: "correct-request" },
    });
  });

  test.each([
    null,
    "x",
    [],
    { info: {} },
    { info: { input: { type: "mcp" } } },
    { info: { input: { type: "http" } }, schema: [] },
  ])("that make no sense (%j) change nothing", async (junk) => {
    const challenge = { ...challengeWith(goodEntry), extensions: { bazaar: junk } };
    const { origin } = await sellerOf({ unpaid: demand(challenge) });
    expect(await buyerOf({}).prepare(origin)).toMatchObject({ kind: "ready", issues: [] });
  });

  test("are not asked for unless told", async () => {
    const { origin, received } = await sellerOf();
    await buyerOf({}).prepare(origin);
    expect(received.length).toBe(1);
    await buyerOf({ discover: true }).prepare(origin);
    expect(
      received
        .slice(1)
        .map(({ url }) => url)
        .sort(),
    ).toEqual(["/", "/.well-known/x402", "/openapi.json"]);
  });
});
