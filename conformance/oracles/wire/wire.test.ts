import fc from "fast-check";
import { expect, test } from "vitest";
import { fromBase64Json, networkOfV1Name, toBase64Json, v1NetworkName, x402V1, x402V2 } from "#sandbox";
import {
  decodeBase64Text,
  encodeBase64Text,
  parseJson,
  readChallenge,
  readChallengeV1,
  readReceiptV1,
  v1NameOf,
  v1Networks,
} from "./index.ts";

/*
 * Two decoders that were written apart must agree: on everything that either accepts, and on what both refuse.
 */
test("both decoders read what the sandbox writes", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (message) => {
      const decoded = decodeBase64Text(toBase64Json(message));
      expect(decoded.kind === "text" ? parseJson(decoded.text) : decoded).toEqual(
        JSON.parse(JSON.stringify(message)),
      );
    }),
  );
});

test("the sandbox reads what this oracle writes", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (message) => {
      const text = JSON.stringify(message);
      expect(fromBase64Json(encodeBase64Text(text))).toEqual({ ok: true, value: JSON.parse(text) });
    }),
  );
});

test("both refuse the same header values", () => {
  const headers = fc.oneof(
    fc.string(),
    fc.base64String(),
    fc.string({ unit: fc.constantFrom(..."AZaz09+/=-_ \n") }),
  );
  fc.assert(
    fc.property(headers, (header) => {
      const ours = decodeBase64Text(header);
      const readable = ours.kind === "text" && parseJson(ours.text) !== undefined;
      expect(fromBase64Json(header).ok).toBe(readable);
    }),
  );
});

test.each([
  ["is not a 402", 200, {}, "no-402"],
  ["has no header", 402, {}, "absent"],
  ["has a header that is no base64", 402, { "payment-required": "{}" }, "unreadable"],
  ["has a header of base64url", 402, { "payment-required": "eyJhIjoi_-8ifQ" }, "unreadable"],
  ["has a header of something else than an object", 402, { "payment-required": btoa("[]") }, "unreadable"],
  ["has a challenge", 402, { "payment-required": btoa("{}") }, "object"],
] as const)("an answer that %s is read as far as it goes", (_what, status, headers, stage) => {
  expect(readChallenge({ kind: "answer", status, headers, body: "" }).stage).toBe(stage);
});

test("the sandbox's own challenge is read in full", () => {
  const challenge = {
    x402Version: 2,
    resource: { url: "http://127.0.0.1/" },
    accepts: [],
  } as const;
  const { headers } = x402V2.writeChallenge({ ...challenge, accepts: [] });
  const reading = readChallenge({ kind: "answer", status: 402, headers: { ...headers }, body: "{}" });
  expect(reading).toEqual({ stage: "object", challenge });
});

test.each([
  ["is not a 402", 200, '{"x402Version":1,"accepts":[]}', "no-402"],
  ["is HTML", 402, "<html></html>", "absent"],
  ["is an array", 402, "[]", "absent"],
  ["is what v2 leaves in the body", 402, "{}", "absent"],
  ["is a challenge of v2", 402, '{"x402Version":2,"accepts":[]}', "absent"],
  ["is a challenge", 402, '{"x402Version":1,"accepts":[]}', "object"],
  ["is a challenge of no version", 402, '{"accepts":[]}', "object"],
  ["is a challenge with its version as text", 402, '{"x402Version":"1"}', "object"],
] as const)("a body that %s is read as far as it goes", (_what, status, body, stage) => {
  expect(readChallengeV1({ kind: "answer", status, headers: {}, body }).stage).toBe(stage);
});

test("the sandbox's own v1 challenge and receipt are read in full", () => {
  const challenge = { x402Version: 1, error: "Payment required", accepts: [] } as const;
  const { body } = x402V1.writeChallenge({ ...challenge, accepts: [] });
  expect(readChallengeV1({ kind: "answer", status: 402, headers: {}, body })).toEqual({
    stage: "object",
    challenge,
  });
  const receipt = { success: true, transaction: "0x01", network: "base-sepolia", payer: "0x02" };
  const headers = { ...x402V1.writeReceipt(receipt).headers };
  expect(readReceiptV1({ kind: "answer", status: 200, headers, body: "" })).toEqual({
    kind: "receipt",
    receipt,
  });
});

test.each(Object.entries(v1Networks))("both call %s by the same names", (name, network) => {
  const known = networkOfV1Name(name);
  expect(known).toBe(network);
  expect(known && v1NetworkName(known)).toBe(v1NameOf(network));
});
