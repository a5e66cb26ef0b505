import fc, { type Arbitrary } from "fast-check";
import { describe, expect, it } from "vitest";
import { toBase64Json, x402V2, x402V2Headers } from "../index.ts";
import { challenge, payment, receipt } from "../testing/arbitrary.ts";

const messages = [
  {
    name: "challenge",
    header: x402V2Headers.challenge,
    roundTrip: roundTrip(challenge, (message) => {
      const { headers, body } = x402V2.writeChallenge(message);
      return x402V2.readChallenge({ status: 402, headers, body });
    }),
    read: (header: string) =>
      x402V2.readChallenge({ status: 402, headers: { [x402V2Headers.challenge]: header }, body: "" }),
  },
  {
    name: "payment",
    header: x402V2Headers.payment,
    roundTrip: roundTrip(payment, (message) => x402V2.readPayment(x402V2.writePayment(message).headers)),
    read: (header: string) => x402V2.readPayment({ [x402V2Headers.payment]: header }),
  },
  {
    name: "receipt",
    header: x402V2Headers.receipt,
    roundTrip: roundTrip(receipt, (message) => {
      const { headers, body } = x402V2.writeReceipt(message);
      return x402V2.readReceipt({ status: 200, headers, body });
    }),
    read: (header: string) =>
      x402V2.readReceipt({ status: 200, headers: { [x402V2Headers.receipt]: header }, body: "" }),
  },
];

function roundTrip<T>(messages: Arbitrary<T>, sendAndRead: (message: T) => unknown) {
  return () =>
    fc.assert(
      fc.property(messages, (message) => {
        expect(sendAndRead(message)).toEqual({ ok: true, value: message });
      }),
    );
}

describe.each(messages)("$name", ({ roundTrip, read }) => {
  it("is read as it was written, unknown fields included", roundTrip);

  it("any header is understood or refused, never thrown at", () => {
    const header = fc.oneof(
      fc.string(),
      fc.json().map((text) => Buffer.from(text).toString("base64")),
    );
    fc.assert(
      fc.property(header, (text) => {
        const parsed = read(text);
        expect(parsed?.ok || typeof parsed?.error.code === "string").toBe(true);
      }),
    );
  });

  it("JSON that is no such message is refused", () => {
    for (const json of [null, 2, "2", [], {}, { x402Version: 2 }]) {
      expect(read(toBase64Json(json))).toMatchObject({ ok: false, error: { code: "invalid_payload" } });
    }
  });
});

it("a message that was not sent is nothing, neither understood nor refused", () => {
  expect(x402V2.readPayment({})).toBeUndefined();
  expect(x402V2.readChallenge({ status: 402, headers: {}, body: "{}" })).toBeUndefined();
  expect(x402V2.readReceipt({ status: 200, headers: {}, body: "" })).toBeUndefined();
});

it("a payment of another version is invalid_x402_version", () => {
  fc.assert(
    fc.property(
      payment,
      fc.integer().filter((version) => version !== 2),
      (message, x402Version) => {
        const header = toBase64Json({ ...message, x402Version });
        expect(x402V2.readPayment({ [x402V2Headers.payment]: header })).toMatchObject({
          ok: false,
          error: { code: "invalid_x402_version", path: "x402Version" },
        });
      },
    ),
  );
});

it("a payment sent twice is refused", () => {
  expect(x402V2.readPayment({ [x402V2Headers.payment]: ["e30=", "e30="] })).toMatchObject({ ok: false });
});

it.each(["0.5", "-1", "0x10", "1e3", "", " 1", "1 ", 1000, null, `${2n ** 256n}`])(
  "amount %j is refused",
  (amount) => {
    fc.assert(
      fc.property(payment, (message) => {
        const header = toBase64Json({ ...message, accepted: { ...message.accepted, amount } });
        expect(x402V2.readPayment({ [x402V2Headers.payment]: header })).toMatchObject({
          ok: false,
          error: { code: "invalid_payload", path: "accepted.amount" },
        });
      }),
      { numRuns: 5 },
    );
  },
);
