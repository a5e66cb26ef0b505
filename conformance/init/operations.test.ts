import { expect, test } from "vitest";
import type { Json } from "../oracles/wire/index.ts";
import { operationsIn } from "./operations.ts";

const origin = "http://127.0.0.1:3000";

function inOpenApi(paths: Json) {
  return operationsIn({ openApi: { path: "/openapi.json", json: { openapi: "3.1.0", paths } } }, origin);
}

test("required parameters are filled in, and one left out makes the request incomplete", () => {
  const city = {
    name: "city",
    in: "query",
    required: true,
    schema: { type: "string", examples: ["Berlin"] },
  };
  const unit = { name: "unit", in: "query", required: true, schema: { enum: ["C", "F"] } };
  const days = { name: "days", in: "query", schema: { type: "integer" } };
  expect(inOpenApi({ "/weather": { parameters: [city], get: { parameters: [unit, days] } } })).toEqual([
    {
      request: { method: "GET", target: "/weather?city=Berlin&unit=C" },
      incomplete: { method: "GET", target: "/weather?city=Berlin" },
      missing: "unit",
      harmless: true,
      streams: false,
    },
  ]);
});

test("a body is made of its schema", () => {
  const schema = {
    type: "object",
    required: ["message", "times"],
    properties: {
      message: { type: "string", default: "hi" },
      times: { type: "integer" },
      loud: { type: "boolean" },
    },
  };
  const post = { requestBody: { content: { "application/json": { schema } } }, responses: { 402: {} } };
  expect(inOpenApi({ "/echo": { post } })).toMatchObject([
    {
      request: { method: "POST", target: "/echo", body: '{"message":"hi","times":1}' },
      incomplete: { body: '{"times":1}' },
      harmless: true,
    },
  ]);
});

test("what may change something is not harmless unless it is said to cost money", () => {
  const operations = inOpenApi({
    "/orders": { post: {}, get: {} },
    "/paid": { delete: { "x-payment-info": {} } },
  });
  expect(operations.map(({ request, harmless }) => [request.method, harmless])).toEqual([
    ["GET", true],
    ["POST", false],
    ["DELETE", true],
  ]);
});

test("a route in the path, a stream, and a header that cannot be made up", () => {
  const id = { name: "id", in: "path", required: true, schema: { type: "integer" } };
  const key = { name: "x-key", in: "header", required: true };
  const streamed = { responses: { 200: { content: { "text/event-stream": {} } } } };
  expect(
    inOpenApi({
      "/cities/{id}": { get: { parameters: [id] } },
      "/stream": { get: streamed },
      "/keyed": { get: { parameters: [key] } },
    }),
  ).toMatchObject([
    { request: { target: "/cities/1" }, streams: false },
    { request: { target: "/stream" }, streams: true },
  ]);
});

test("the catalogue of /.well-known/x402 in both of its forms; other origins are left alone", () => {
  const json = {
    items: [{ resource: `${origin}/a`, method: "POST" }, { resource: "http://example.com/b" }, null, {}],
    resources: [`${origin}/a`, "/c?x=1", 5],
  };
  const targets = operationsIn({ wellKnown: { path: "/.well-known/x402", json } }, origin).map(
    ({ request }) => `${request.method} ${request.target}`,
  );
  expect(targets).toEqual(["POST /a", "GET /a", "GET /c?x=1"]);
});

test.each([null, 5, "x", [], { paths: 5 }, { openapi: "3.1.0", paths: { "/x": null, "/y": { get: 5 } } }])(
  "%j describes nothing",
  (json) => {
    expect(operationsIn({ openApi: { path: "/x", json }, wellKnown: { path: "/y", json } }, origin)).toEqual(
      [],
    );
  },
);
