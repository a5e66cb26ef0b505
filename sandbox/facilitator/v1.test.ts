import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PaymentPayload, PaymentRequirements } from "x402/types";
import { PaymentPayloadSchema, PaymentRequirementsSchema } from "x402/types";
import { useFacilitator } from "x402/verify";
import { parseFacilitatorRequest, requirementsToV1 } from "../protocol/index.ts";
import type { RunningFacilitator } from "./index.ts";
import { newPermitPayer, permitRequest } from "./testing/permits.ts";
import { post, price, type RequestChanges, type Rig, settle, startRig, witness } from "./testing/rig.ts";

/** A request as the official v1 packages type it. */
interface RequestV1 {
  readonly paymentPayload: PaymentPayload;
  readonly paymentRequirements: PaymentRequirements;
}

let rig: Rig;
let facilitator: RunningFacilitator;
/** The facilitator as sellers of v1 see it: the client of the official package. */
let official: ReturnType<typeof useFacilitator>;

beforeAll(async () => {
  rig = await startRig();
  facilitator = await rig.start();
  official = useFacilitator({ url: `http://${new URL(facilitator.url).host}` });
});
afterAll(() => rig.stop());

/** A v2 request said in v1. */
function inV1(request: unknown): RequestV1 {
  const parsed = parseFacilitatorRequest(request);
  if (!parsed.ok) throw new Error(parsed.error.message);
  const { paymentPayload, paymentRequirements } = parsed.value;
  const resource = { url: "http://seller.example/weather", description: "", mimeType: "application/json" };
  const demanded = requirementsToV1(paymentRequirements, resource);
  return {
    paymentPayload: PaymentPayloadSchema.parse({
      x402Version: 1,
      scheme: "exact",
      network: "base-sepolia",
      payload: paymentPayload.payload,
    }),
    paymentRequirements: PaymentRequirementsSchema.parse(demanded),
  };
}

async function newRequest(changes?: RequestChanges) {
  const payer = await rig.newPayer();
  return { payer: payer.address, request: inV1(await rig.request(payer, changes)) };
}

/** A v1 request sent as it is, its answer not read by anything official. */
async function send(
  endpoint: "verify" | "settle",
  request: RequestV1,
  change: object = {},
): Promise<unknown> {
  const body = JSON.stringify({ x402Version: 1, ...request, ...change });
  return (await post(`${facilitator.url}/${endpoint}`, body)).json();
}

it("a v1 payment is verified, and settled once", async () => {
  const { payer, request } = await newRequest();
  const before = await witness(rig, payer);
  expect(await official.verify(request.paymentPayload, request.paymentRequirements)).toEqual({
    isValid: true,
    payer,
  });
  const receipt = await official.settle(request.paymentPayload, request.paymentRequirements);
  expect(receipt).toEqual({
    success: true,
    payer,
    transaction: expect.stringMatching(/^0x[0-9a-f]{64}$/),
    network: "base-sepolia",
  });
  expect(await send("settle", request)).toEqual(receipt);
  const after = await witness(rig, payer);
  expect([before.paid - after.paid, after.sent - before.sent]).toEqual([price, 1]);
});

it("one authorization settled through v1 and v2 at once is one transfer", async () => {
  const payer = await rig.newPayer();
  const request = await rig.request(payer);
  const before = await witness(rig, payer.address);
  const [one, two] = await Promise.all([send("settle", inV1(request)), settle(facilitator.url, request)]);
  expect(two).toMatchObject({ success: true, network: "eip155:84532" });
  expect(one).toEqual({ ...two, network: "base-sepolia" });
  const after = await witness(rig, payer.address);
  expect([before.paid - after.paid, after.sent - before.sent]).toEqual([price, 1]);
});

describe("a v1 payment is refused in v1's words, with its payer, and moves nothing:", () => {
  const stranger = privateKeyToAccount(`0x${"11".repeat(32)}`);
  const changes: [title: string, changes: RequestChanges, code: string][] = [
    [
      "one unit too little",
      { authorization: { value: `${price - 1n}` } },
      "invalid_exact_evm_payload_authorization_value",
    ],
    [
      "one unit too much",
      { authorization: { value: `${price + 1n}` } },
      "invalid_exact_evm_payload_authorization_value",
    ],
    [
      "another payee",
      { authorization: { to: stranger.address } },
      "invalid_exact_evm_payload_recipient_mismatch",
    ],
    [
      "expired",
      { authorization: { validBefore: "1" } },
      "invalid_exact_evm_payload_authorization_valid_before",
    ],
    [
      "not yet valid",
      { authorization: { validAfter: "99999999999" } },
      "invalid_exact_evm_payload_authorization_valid_after",
    ],
    ["signed for another token", { domain: { name: "USD Coin" } }, "invalid_exact_evm_payload_signature"],
    [
      "more than the payer has",
      { requirements: { amount: `${price * 11n}` }, authorization: { value: `${price * 11n}` } },
      "insufficient_funds",
    ],
  ];

  it.each(changes)("%s", async (_title, change, code) => {
    const { payer, request } = await newRequest(change);
    const before = await witness(rig, payer);
    expect(await official.verify(request.paymentPayload, request.paymentRequirements)).toMatchObject({
      isValid: false,
      invalidReason: code,
    });
    expect(await official.settle(request.paymentPayload, request.paymentRequirements)).toMatchObject({
      success: false,
      errorReason: code,
      payer,
      transaction: "",
      network: "base-sepolia",
    });
    expect(await witness(rig, payer)).toEqual(before);
  });

  it.each([
    ["another network", { network: "base" }, "invalid_network"],
    ["an unknown network", { network: "nowhere" }, "invalid_network"],
    ["another scheme", { scheme: "upto" }, "invalid_scheme"],
  ])("%s", async (_title, change, errorReason) => {
    const { payer, request } = await newRequest();
    const paymentPayload = { ...request.paymentPayload, ...change };
    expect(await send("verify", request, { paymentPayload })).toMatchObject({
      isValid: false,
      invalidReason: errorReason,
    });
    expect(await send("settle", request, { paymentPayload })).toMatchObject({
      success: false,
      errorReason,
      payer,
      transaction: "",
      network: "base-sepolia",
    });
  });

  it("one that lacks its signature", async () => {
    const { payer, request } = await newRequest();
    const { authorization } = Object.assign({ authorization: undefined }, request.paymentPayload.payload);
    const paymentPayload = { ...request.paymentPayload, payload: { authorization } };
    expect(await send("settle", request, { paymentPayload })).toMatchObject({
      success: false,
      errorReason: "invalid_payload",
      payer,
      network: "base-sepolia",
    });
  });
});

describe("what v2 brought is not settled in v1, where /supported does not list it:", () => {
  it.each([
    ["exact", "invalid_payload"],
    ["upto", "unsupported_scheme"],
  ] as const)("%s by Permit2", async (scheme, code) => {
    const payer = await newPermitPayer(rig);
    const { paymentPayload, paymentRequirements } = await permitRequest(rig, payer, { scheme });
    const { amount: maxAmountRequired, ...demanded } = paymentRequirements;
    const network = "base-sepolia";
    const body = JSON.stringify({
      x402Version: 1,
      paymentPayload: { x402Version: 1, scheme, network, payload: paymentPayload.payload },
      paymentRequirements: {
        ...demanded,
        network,
        maxAmountRequired,
        resource: "http://seller.example/weather",
        description: "",
        mimeType: "",
      },
    });
    const before = await witness(rig, payer.address);
    const verified = await post(`${facilitator.url}/verify`, body);
    expect(await verified.json()).toMatchObject({ isValid: false, invalidReason: code });
    const settled = await post(`${facilitator.url}/settle`, body);
    expect(await settled.json()).toMatchObject({ success: false, errorReason: code, transaction: "" });
    expect(await witness(rig, payer.address)).toEqual(before);
  });
});

it("GET /supported is what the official v1 client expects", async () => {
  const { kinds } = await official.supported();
  expect(kinds).toContainEqual({ x402Version: 1, scheme: "exact", network: "base-sepolia" });
});

it("an interceptor is told the network in the words of the caller", async () => {
  const networks: string[] = [];
  const observed = await rig.start({
    intercept: async ({ network }) => {
      networks.push(network);
      return undefined;
    },
  });
  const request = await rig.request(await rig.newPayer());
  await post(`${observed.url}/verify`, JSON.stringify(request));
  await post(`${observed.url}/verify`, JSON.stringify({ x402Version: 1, ...inV1(request) }));
  expect(networks).toEqual(["eip155:84532", "base-sepolia"]);
});
