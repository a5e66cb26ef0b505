import fc from "fast-check";
import { expect, it } from "vitest";
import { parseFacilitatorRequest } from "../index.ts";
import { payment, requirements } from "../testing/arbitrary.ts";

const request = fc.record({
  x402Version: fc.constant(2 as const),
  paymentPayload: payment,
  paymentRequirements: requirements,
});

it("a request is read as it was sent", () => {
  fc.assert(
    fc.property(request, (message) => {
      expect(parseFacilitatorRequest(message)).toEqual({ ok: true, value: message });
    }),
  );
});

it("anything at all is understood or refused, never thrown at", () => {
  const anything = fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, withMap: true });
  const halves = fc.record(
    { x402Version: anything, paymentPayload: anything, paymentRequirements: anything },
    { requiredKeys: [] },
  );
  const deeper = fc.record({
    x402Version: fc.constant(2),
    paymentPayload: fc.record(
      { x402Version: anything, accepted: anything, payload: anything },
      { requiredKeys: [] },
    ),
    paymentRequirements: fc.oneof(requirements, anything),
  });
  fc.assert(
    fc.property(fc.oneof(anything, halves, deeper), (body) => {
      const parsed = parseFacilitatorRequest(body);
      expect(parsed.ok || parsed.error.message.length > 0).toBe(true);
    }),
  );
});

it("a call that names no version has that of its payment", () => {
  fc.assert(
    fc.property(request, ({ x402Version: _, ...message }) => {
      const value = { x402Version: 2, ...message };
      expect(parseFacilitatorRequest(message)).toEqual({ ok: true, value });
    }),
  );
});

interface Change {
  readonly x402Version?: unknown;
  readonly paymentPayload?: Record<string, unknown>;
  readonly paymentRequirements?: Record<string, unknown>;
}

const changes: [field: string, change: Change, code: string][] = [
  ["x402Version", { x402Version: 1 }, "invalid_x402_version"],
  ["paymentPayload.x402Version", { paymentPayload: { x402Version: 1 } }, "invalid_x402_version"],
  ["paymentRequirements.amount", { paymentRequirements: { amount: "0.5" } }, "invalid_payment_requirements"],
  [
    "paymentRequirements.network",
    { paymentRequirements: { network: "base" } },
    "invalid_payment_requirements",
  ],
  ["paymentPayload.accepted", { paymentPayload: { accepted: undefined } }, "invalid_payload"],
  ["paymentPayload.payload", { paymentPayload: { payload: "signed" } }, "invalid_payload"],
];

it.each(changes)("a wrong %s is refused with the code of its part", (_field, change, code) => {
  fc.assert(
    fc.property(request, (message) => {
      const changed = {
        x402Version: change.x402Version ?? message.x402Version,
        paymentPayload: { ...message.paymentPayload, ...change.paymentPayload },
        paymentRequirements: { ...message.paymentRequirements, ...change.paymentRequirements },
      };
      expect(parseFacilitatorRequest(changed)).toMatchObject({ ok: false, error: { code } });
    }),
    { numRuns: 10 },
  );
});
