import { expect, test, vi } from "vitest";
import { parseHeader, resolveHeaders } from "./index.ts";

test("values come as they are, or from the environment, and later ones win", () => {
  vi.stubEnv("TEST_TOKEN", "tok3n-value");
  const configured = { Authorization: { env: "TEST_TOKEN", prefix: "Bearer " }, "x-team": "blue" };
  expect(resolveHeaders([configured, undefined, { "X-Team": "red" }], "seller.headers")).toEqual({
    headers: { authorization: "Bearer tok3n-value", "x-team": "red" },
    secrets: ["tok3n-value"],
  });
});

test.each([
  [
    { "x-key": { env: "NO_SUCH_VARIABLE" } },
    "seller.headers needs NO_SUCH_VARIABLE, and the environment has",
  ],
  [{ "x key": "1" }, 'seller.headers has a header that HTTP does not allow: "x key".'],
  [{ "x-key": "a\nb" }, 'seller.headers has a header that HTTP does not allow: "x-key".'],
])("%j is refused", (configured, message) => {
  const complaint = expect.objectContaining({ code: "config", message: expect.stringContaining(message) });
  expect(() => resolveHeaders([configured], "seller.headers")).toThrow(complaint);
});

test.each([
  ["x-team: blue", { "x-team": "blue" }],
  ["x-empty:", { "x-empty": "" }],
  ["x-price: $5", { "x-price": "$5" }],
  ["x-key: $API_KEY", { "x-key": { env: "API_KEY", prefix: "" } }],
  ["authorization: Bearer $TOKEN_2", { authorization: { env: "TOKEN_2", prefix: "Bearer " } }],
])("%s as a flag", (text, header) => {
  expect(parseHeader(text)).toEqual(header);
});

test.each(["x-team", "x team: blue", ": blue"])("%j is no header", (text) => {
  const complaint = expect.objectContaining({
    code: "usage",
    message: expect.stringContaining("not a header"),
  });
  expect(() => parseHeader(text)).toThrow(complaint);
});
