import { expect, test } from "vitest";
import { holdAgainstSchema } from "./json-schema.ts";

const schema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  properties: { id: { type: "string", minLength: 16 }, at: { type: "string", format: "date-time" } },
  required: ["id"],
};

test("a value that fits holds; formats are not looked at", () => {
  expect(holdAgainstSchema(schema, { id: "sixteen letters!", at: "soon", more: true })).toEqual({
    kind: "holds",
  });
});

test("a value that does not is told where", () => {
  expect(holdAgainstSchema(schema, { id: "short" })).toMatchObject({ kind: "broken", where: "/id" });
  expect(holdAgainstSchema(schema, {})).toMatchObject({ kind: "broken", where: "" });
});

test.each([
  ["of another draft", { $schema: "http://json-schema.org/draft-07/schema#", type: "object" }],
  ["that refers to elsewhere", { $ref: "https://example.com/schema.json" }],
  ["that is none", { type: "anything" }],
])("a schema %s says nothing", (_name, unusable) => {
  expect(holdAgainstSchema(unusable, {})).toMatchObject({ kind: "unreadable" });
});
