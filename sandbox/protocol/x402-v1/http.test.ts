import fc, { type Arbitrary } from "fast-check";
import { describe, expect, it } from "vitest";
import { toBase64Json, x402V1, x402V1Headers } from "../index.ts";
import { challengeV1, paymentV1, receiptV1 } from "../testing/arbitrary.ts";

const readChallenge = (body: string) => x402V1.readChallenge({ status: 402, headers: {}, body });
const readPayment = (header: string) => x402V1.readPayment({ [x402V1Headers.payment]: header });
const readReceipt = (header: string) =>
  x402V1.readReceipt({ status: 200, headers: { [x402V1Headers.receipt]: header }, body: "" });

function roundTrip<T>(messages: Arbitrary<T>, sendAndRead: (message: T) => unknown) {
  return () =>
    fc.assert(
      fc.property(messages, (message) => {
        expect(sendAndRead(message)).toEqual({ ok: true, value: message });
      }),
    );
}

describe("is read as it was written, unknown fields included:", () => {
  it(
    "a challenge, in the body",
    roundTrip(challengeV1, (message) => readChallenge(x402V1.writeChallenge(message).body)),
  );
  it(
    "a payment, in X-PAYMENT",
    roundTrip(paymentV1, (message) => x402V1.readPayment(x402V1.writePayment(message).headers)),
  );
  it(
    "a receipt, in X-PAYMENT-RESPONSE",
    roundTrip(receiptV1, (message) =>
      x402V1.readReceipt({ status: 200, headers: x402V1.writeReceipt(message).headers, body: "" }),
    ),
  );
});

it("any header is understood or refused, never thrown at", () => {
  const header = fc.oneof(
    fc.string(),
    fc.json().map((text) => Buffer.from(text).toString("base64")),
  );
  fc.assert(
    fc.property(header, (text) => {
      for (const parsed of [readPayment(text), readReceipt(text)]) {
        expect(parsed?.ok || typeof parsed?.error.code === "string").toBe(true);
      }
    }),
  );
});

it("any body is a challenge, a refusal or nothing, never thrown at", () => {
  const claim = fc.record({ x402Version: fc.jsonValue(), accepts: fc.jsonValue() }, { requiredKeys: [] });
  const body = fc.oneof(
    fc.string(),
    fc.json(),
    claim.map((message) => JSON.stringify(message)),
  );
  fc.assert(
    fc.property(body, (text) => {
      const parsed = readChallenge(text);
      expect(parsed === undefined || parsed.ok || parsed.error.code === "invalid_payload").toBe(true);
    }),
  );
});

it.each([
  ["the empty body of a v2 seller", "{}"],
  ["a v2 challenge", '{"x402Version":2,"accepts":[]}'],
  ["a page", "<!doctype html>"],
  ["no body", ""],
])("%s is no v1 challenge", (_title, body) => {
  expect(readChallenge(body)).toBeUndefined();
});

it.each([
  ["the version as text", { x402Version: "1" }, "x402Version"],
  ["no error", { error: undefined }, "error"],
  ["no accepts", { accepts: undefined }, "accepts"],
])("a challenge with %s is refused", (_title, change, path) => {
  fc.assert(
    fc.property(challengeV1, (message) => {
      expect(readChallenge(JSON.stringify({ ...message, ...change }))).toMatchObject({
        ok: false,
        error: { code: "invalid_payload", path },
      });
    }),
    { numRuns: 5 },
  );
});

it("a payment of another version is invalid_x402_version", () => {
  fc.assert(
    fc.property(
      paymentV1,
      fc.integer().filter((version) => version !== 1),
      (message, x402Version) => {
        expect(readPayment(toBase64Json({ ...message, x402Version }))).toMatchObject({
          ok: false,
          error: { code: "invalid_x402_version", path: "x402Version" },
        });
      },
    ),
  );
});

it("a payment on a CAIP-2 network is refused", () => {
  const payment = { x402Version: 1, scheme: "exact", network: "eip155:84532", payload: {} };
  expect(readPayment(toBase64Json(payment))).toMatchObject({
    ok: false,
    error: { code: "invalid_payload", path: "network" },
  });
});

it("what was not sent is nothing, and what was sent twice is refused", () => {
  expect(x402V1.readPayment({})).toBeUndefined();
  expect(x402V1.readReceipt({ status: 200, headers: {}, body: "" })).toBeUndefined();
  expect(x402V1.readPayment({ [x402V1Headers.payment]: ["e30=", "e30="] })).toMatchObject({ ok: false });
});
