import fc from "fast-check";
import { expect, it } from "vitest";
import { fromBase64Json, maxHeaderLength, toBase64Json } from "./index.ts";
import { jsonValue } from "./testing/arbitrary.ts";

it("what was written is read again", () => {
  fc.assert(
    fc.property(jsonValue(3), (message) => {
      expect(fromBase64Json(toBase64Json(message))).toEqual({ ok: true, value: message });
    }),
  );
});

it("what is written is standard base64, padded", () => {
  fc.assert(
    fc.property(jsonValue(2), (message) => {
      expect(toBase64Json(message)).toMatch(
        /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
      );
    }),
  );
});

it("missing padding is accepted", () => {
  fc.assert(
    fc.property(jsonValue(2), (message) => {
      expect(fromBase64Json(toBase64Json(message).replace(/=+$/, ""))).toEqual({ ok: true, value: message });
    }),
  );
});

it("any text is understood or refused as invalid_payload, never thrown at", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => {
      const json = fromBase64Json(text);
      expect(json.ok || json.error.code === "invalid_payload").toBe(true);
    }),
  );
});

it.each([
  ["nothing", ""],
  [
    "the base64url alphabet",
    Buffer.from('{"a":"???~~~"}').toString("base64").replaceAll("/", "_").replaceAll("+", "-"),
  ],
  ["JSON as it is", '{"x402Version":2}'],
  ["no JSON", Buffer.from("hello").toString("base64")],
  ["no UTF-8", Buffer.from([0x22, 0xff, 0x22]).toString("base64")],
  ["a space in it", "e3 0="],
])("%s is refused", (_title, header) => {
  expect(fromBase64Json(header)).toMatchObject({ ok: false, error: { code: "invalid_payload" } });
});

it("the longest header is read, one that is longer is not", () => {
  const longest = "a".repeat((maxHeaderLength / 4) * 3 - 2);
  expect(toBase64Json(longest)).toHaveLength(maxHeaderLength);
  expect(fromBase64Json(toBase64Json(longest))).toMatchObject({ ok: true });
  expect(fromBase64Json(toBase64Json(`${longest}a`))).toMatchObject({ ok: false });
});
