import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EvmNetworkToChainId, SettleResponseSchema, VerifyResponseSchema } from "x402/types";
import {
  errorReasons,
  evmNetwork,
  networkOfV1Name,
  parseFacilitatorRequestV1,
  paymentFromV1,
  receiptToV1,
  requirementsFromV1,
  requirementsToV1,
  v1NetworkName,
  verificationToV1,
} from "../index.ts";
import { paymentV1, receipt, requirements, requirementsV1 } from "../testing/arbitrary.ts";

const here = { network: evmNetwork(84532) };

describe("network names", () => {
  it("are those of the official package", () => {
    for (const [name, chainId] of EvmNetworkToChainId) {
      expect(networkOfV1Name(name)).toBe(evmNetwork(chainId));
      expect(v1NetworkName(evmNetwork(chainId))).toBe(name);
    }
  });

  it("of other chains do not exist", () => {
    expect(v1NetworkName("eip155:31337")).toBeUndefined();
    expect(["eip155:84532", "constructor", "Base", ""].map(networkOfV1Name)).toEqual(
      Array(4).fill(undefined),
    );
  });
});

it("requirements survive the way to v1 and back", () => {
  fc.assert(
    fc.property(requirements, fc.webUrl(), (demanded, url) => {
      const { scheme, amount, asset, payTo, maxTimeoutSeconds, extra } = demanded;
      const common = { scheme, amount, asset, payTo, maxTimeoutSeconds, ...here };
      const known = extra === undefined ? common : { ...common, extra };
      const inV1 = requirementsToV1(known, { url });
      expect(inV1).toMatchObject({ network: "base-sepolia", resource: url, maxAmountRequired: known.amount });
      expect(inV1 && requirementsFromV1(inV1)).toEqual({ ok: true, value: known });
    }),
  );
});

it("a chain without a v1 name cannot be asked for in v1", () => {
  fc.assert(
    fc.property(requirements, (demanded) => {
      const elsewhere = { ...demanded, network: evmNetwork(31337) };
      expect(requirementsToV1(elsewhere, { url: "http://a.example" })).toBeUndefined();
    }),
    { numRuns: 5 },
  );
});

it("a payment accepts what is demanded, on the scheme and network that it names", () => {
  fc.assert(
    fc.property(paymentV1, requirements, (sent, demanded) => {
      const network = networkOfV1Name(sent.network);
      expect(paymentFromV1(sent, demanded)).toEqual(
        network === undefined
          ? { ok: false, error: expect.objectContaining({ code: "invalid_network" }) }
          : {
              ok: true,
              value: {
                x402Version: 2,
                accepted: { ...demanded, scheme: sent.scheme, network },
                payload: sent.payload,
              },
            },
      );
    }),
  );
});

describe("what the official v1 programs read", () => {
  const transaction = `0x${"ab".repeat(32)}`;

  it.each([...Object.keys(errorReasons), "invalid_exact_evm_nonce_already_used", "free text"])(
    "knows the code that %s becomes",
    (code) => {
      const failed = receiptToV1({ success: false, errorReason: code, transaction, ...here });
      expect(SettleResponseSchema.parse(failed).errorReason).toBeDefined();
      const refused = verificationToV1({ isValid: false, invalidReason: code });
      expect(VerifyResponseSchema.parse(refused).invalidReason).toBeDefined();
    },
  );

  it("is a receipt without v2's own fields", () => {
    fc.assert(
      fc.property(receipt, (settled) => {
        const inV1 = receiptToV1({ ...settled, transaction, ...here });
        expect(SettleResponseSchema.parse(inV1)).toMatchObject({ transaction, network: "base-sepolia" });
        expect(inV1).not.toHaveProperty("amount");
        expect(inV1).not.toHaveProperty("extensions");
      }),
    );
  });
});

describe("a v1 call of the facilitator", () => {
  const request = fc.record({
    x402Version: fc.constant(1 as const),
    paymentPayload: paymentV1.map((payment) => ({ ...payment, network: "base-sepolia" })),
    paymentRequirements: requirementsV1.map((demanded) => ({ ...demanded, network: "base" })),
  });

  it("is read into the words of v2", () => {
    fc.assert(
      fc.property(request, (message) => {
        const { paymentPayload, paymentRequirements } = message;
        expect(parseFacilitatorRequestV1(message)).toMatchObject({
          ok: true,
          value: {
            x402Version: 2,
            paymentPayload: {
              accepted: { scheme: paymentPayload.scheme, network: "eip155:84532" },
              payload: paymentPayload.payload,
              resource: { url: paymentRequirements.resource },
            },
            paymentRequirements: {
              network: "eip155:8453",
              amount: paymentRequirements.maxAmountRequired,
              payTo: paymentRequirements.payTo,
            },
          },
        });
      }),
    );
  });

  it("that is anything at all is understood or refused, never thrown at", () => {
    const anything = fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true });
    const halves = fc.record({
      x402Version: fc.constant(1),
      paymentPayload: fc.oneof(anything, paymentV1),
      paymentRequirements: fc.oneof(anything, requirementsV1),
    });
    fc.assert(
      fc.property(fc.oneof(anything, halves), (body) => {
        const parsed = parseFacilitatorRequestV1(body);
        expect(parsed.ok || parsed.error.message.length > 0).toBe(true);
      }),
    );
  });

  const changes: [part: "paymentPayload" | "paymentRequirements", change: object, code: string][] = [
    ["paymentRequirements", { maxAmountRequired: "0.5" }, "invalid_payment_requirements"],
    ["paymentRequirements", { network: "eip155:84532" }, "invalid_payment_requirements"],
    ["paymentRequirements", { network: "nowhere" }, "invalid_network"],
    ["paymentRequirements", { resource: "/weather" }, "invalid_payment_requirements"],
    ["paymentRequirements", { scheme: "upto" }, "unsupported_scheme"],
    ["paymentPayload", { payload: { permit2Authorization: {} } }, "invalid_payload"],
    ["paymentPayload", { payload: "signed" }, "invalid_payload"],
    ["paymentPayload", { network: "nowhere" }, "invalid_network"],
  ];

  it.each(changes)("whose %s has %j is refused as %s", (part, change, code) => {
    fc.assert(
      fc.property(request, (message) => {
        const changed = { ...message, [part]: { ...message[part], ...change } };
        expect(parseFacilitatorRequestV1(changed)).toMatchObject({ ok: false, error: { code } });
      }),
      { numRuns: 10 },
    );
  });
});
