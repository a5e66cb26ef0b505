import fc, { type Arbitrary } from "fast-check";
import { type Address, getAddress, type Hex, maxUint256, toHex } from "viem";
import type {
  Authorization,
  PaymentPayload,
  PaymentPayloadV1,
  PaymentRequired,
  PaymentRequiredV1,
  PaymentRequirements,
  PaymentRequirementsV1,
  ResourceInfo,
  SettleResponse,
  SettleResponseV1,
} from "../index.ts";

/** Bytes as hex. */
export function hexBytes(length: number): Arbitrary<Hex> {
  return fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => toHex(bytes));
}

/** An address in its checksummed or its lower-case spelling. */
export const address: Arbitrary<Address> = fc
  .tuple(hexBytes(20), fc.boolean())
  .map(([bytes, checksummed]) => (checksummed ? getAddress(bytes) : bytes));

/** Any uint256 as decimal digits, small ones more often. */
const decimal: Arbitrary<string> = fc
  .oneof(fc.bigInt(0n, 10_000_000n), fc.bigInt(0n, maxUint256))
  .map(String);

const evmNetworkName = fc.integer({ min: 1 }).map((id) => `eip155:${id}` as const);

export const authorization: Arbitrary<Authorization> = fc.record({
  from: address,
  to: address,
  value: decimal,
  validAfter: decimal,
  validBefore: decimal,
  nonce: hexBytes(32),
});

/** Anything that JSON can say, which knows no negative zero. */
export function jsonValue(maxDepth: number): Arbitrary<unknown> {
  return fc.jsonValue({ maxDepth }).map((value): unknown => JSON.parse(JSON.stringify(value)));
}

/** Fields of a message: readers drop the one key that JavaScript treats as something else. */
const field = jsonValue(2).filter((value) => !JSON.stringify(value).includes("__proto__"));
const jsonObject = fc.dictionary(
  fc.string().filter((key) => key !== "__proto__"),
  field,
);

const resource: Arbitrary<ResourceInfo> = fc.record(
  { url: fc.webUrl(), description: fc.string(), mimeType: fc.string() },
  { requiredKeys: ["url"] },
);

export const requirements: Arbitrary<PaymentRequirements> = fc.record(
  {
    scheme: fc.string({ minLength: 1 }),
    network: evmNetworkName,
    amount: decimal,
    asset: address,
    payTo: address,
    maxTimeoutSeconds: fc.integer({ min: 1 }),
    extra: jsonObject,
    unknownField: field,
  },
  { requiredKeys: ["scheme", "network", "amount", "asset", "payTo", "maxTimeoutSeconds"] },
);

export const challenge: Arbitrary<PaymentRequired> = fc.record(
  {
    x402Version: fc.constant(2 as const),
    error: fc.string(),
    resource,
    accepts: fc.array(requirements, { maxLength: 3 }),
    extensions: jsonObject,
  },
  { requiredKeys: ["x402Version", "resource", "accepts"] },
);

export const payment: Arbitrary<PaymentPayload> = fc.record(
  {
    x402Version: fc.constant(2 as const),
    resource,
    accepted: requirements,
    payload: jsonObject,
    extensions: jsonObject,
  },
  { requiredKeys: ["x402Version", "accepted", "payload"] },
);

export const receipt: Arbitrary<SettleResponse> = fc.record(
  {
    success: fc.boolean(),
    errorReason: fc.string(),
    errorMessage: fc.string(),
    payer: address,
    transaction: fc.oneof(hexBytes(32), fc.constant("")),
    network: fc.oneof(evmNetworkName, fc.constant("" as const)),
    amount: decimal,
    extensions: jsonObject,
  },
  { requiredKeys: ["success", "transaction", "network"] },
);

/** Any plain network name, v1's own ones more often. */
const networkName = fc.oneof(
  fc.constantFrom("base-sepolia", "base", "polygon"),
  fc.stringMatching(/^[a-z-]+$/),
);

export const requirementsV1: Arbitrary<PaymentRequirementsV1> = fc.record(
  {
    scheme: fc.string({ minLength: 1 }),
    network: networkName,
    maxAmountRequired: decimal,
    asset: address,
    payTo: address,
    resource: fc.webUrl(),
    description: fc.string(),
    mimeType: fc.string(),
    outputSchema: fc.oneof(jsonObject, fc.constant(null)),
    maxTimeoutSeconds: fc.integer({ min: 1 }),
    extra: fc.oneof(jsonObject, fc.constant(null)),
    unknownField: field,
  },
  {
    requiredKeys: [
      "scheme",
      "network",
      "maxAmountRequired",
      "asset",
      "payTo",
      "resource",
      "description",
      "maxTimeoutSeconds",
    ],
  },
);

export const challengeV1: Arbitrary<PaymentRequiredV1> = fc.record({
  x402Version: fc.constant(1 as const),
  error: fc.string(),
  accepts: fc.array(requirementsV1, { maxLength: 3 }),
});

export const paymentV1: Arbitrary<PaymentPayloadV1> = fc.record({
  x402Version: fc.constant(1 as const),
  scheme: fc.string({ minLength: 1 }),
  network: networkName,
  payload: jsonObject,
});

export const receiptV1: Arbitrary<SettleResponseV1> = fc.record(
  {
    success: fc.boolean(),
    errorReason: fc.string(),
    transaction: fc.oneof(hexBytes(32), fc.constant("")),
    network: fc.oneof(networkName, fc.constant("" as const)),
    payer: address,
  },
  { requiredKeys: ["success", "transaction", "network"] },
);
