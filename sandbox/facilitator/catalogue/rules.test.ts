import { expect, test } from "vitest";
import { type BazaarDeclaration, readBazaarDeclaration } from "../../protocol/index.ts";
import { catalogueRules } from "./index.ts";

const { addressOf, infoComplaint, readPageRequest } = catalogueRules;

const bought = new URL("https://shop.example/users/7?token=of-the-buyer");

test.each(["/users/:id", "/a/:b/c.d-e~f", "/%41"])("a resource is listed at its route %s", (template) => {
  expect(addressOf(bought, template)).toBe(`https://shop.example${template}`);
});

test.each([
  undefined,
  7,
  "",
  "users/:id",
  "/users/../admin",
  "/users/%2e%2e/admin",
  "/users/%252e%252e/admin",
  "/%25252525252525252e",
  "/a%3A%2F%2Fb",
  "/a://b",
  "https://elsewhere.example/x",
  "/users?id=1",
  "/us ers",
  "/%",
])("with the template %j it is listed where it was bought", (template) => {
  expect(addressOf(bought, template)).toBe("https://shop.example/users/7");
});

function declaration(schema: Record<string, unknown>, input: object = {}): BazaarDeclaration {
  const read = readBazaarDeclaration({ info: { input: { type: "http", method: "GET", ...input } }, schema });
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
}

const properties = (input: object) => ({ properties: { input: { properties: input } } });

test("info that matches its schema has no complaint", async () => {
  const schema = properties({ method: { enum: ["GET"] }, city: { type: "string", pattern: "^[A-Z]" } });
  expect(await infoComplaint(declaration(schema, { city: "Rome" }))).toBeUndefined();
});

test.each<[string, Record<string, unknown>, RegExp]>([
  ["does not match", properties({ method: { enum: ["POST"] } }), /^info does not match its schema: .*method/],
  ["is none", { type: 7 }, /^schema cannot be used$/],
  ["refers to another", { allOf: [{ $ref: "http://127.0.0.1:1/x" }] }, /^schema refers to something outside/],
  [
    "has the name of another",
    { $id: "http://json-schema.org/draft-07/schema" },
    /^schema refers to something/,
  ],
  ["is large", { description: "x".repeat(20_000) }, /^info and schema are too large$/],
  ["takes for ever", properties({ city: { pattern: "^(a+)+$" } }), /^schema cannot be used$/],
])("a schema that %s has one", async (_, schema, complaint) => {
  expect(await infoComplaint(declaration(schema, { city: `${"a".repeat(40)}!` }))).toMatch(complaint);
});

test("a schema may refer to itself", async () => {
  const schema = {
    $defs: { input: { required: ["city"] } },
    properties: { input: { $ref: "#/$defs/input" } },
  };
  expect(await infoComplaint(declaration(schema, { city: "Rome" }))).toBeUndefined();
  expect(await infoComplaint(declaration(schema))).toMatch(/city/);
});

test.each([
  [{}, { limit: 20, offset: 0 }],
  [
    { limit: "100", offset: "7", type: "mcp" },
    { limit: 100, offset: 7, type: "mcp" },
  ],
])("the query %j is understood", (query, request) => {
  expect(readPageRequest(query)).toEqual({ ok: true, value: request });
});

test.each([{ limit: "0" }, { limit: "101" }, { limit: "ten" }, { limit: "1.5" }, { offset: "-1" }])(
  "the query %j is refused",
  (query) => {
    expect(readPageRequest(query)).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining(Object.keys(query)[0] ?? "") },
    });
  },
);
