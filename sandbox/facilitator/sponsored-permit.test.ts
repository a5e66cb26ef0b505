import { ExactEvmScheme } from "@x402/evm/exact/client";
import { UptoEvmScheme } from "@x402/evm/upto/client";
import { declareEip2612GasSponsoringExtension } from "@x402/extensions";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { usdcDomain } from "../chain/index.ts";
import { eip2612GasSponsoringKey } from "../protocol/index.ts";
import type { RunningFacilitator } from "./index.ts";
import {
  type AllowancePermit,
  type PermitChanges,
  permitRequest,
  sendAllowance,
  signAllowance,
} from "./testing/permits.ts";
import { price, type Rig, settle, startRig, verify, witness } from "./testing/rig.ts";

let rig: Rig;
let facilitator: RunningFacilitator;

beforeAll(async () => {
  rig = await startRig();
  facilitator = await rig.start();
});
afterAll(() => rig.stop());

const stranger = privateKeyToAccount(`0x${"11".repeat(32)}`);

type Payer = Awaited<ReturnType<Rig["newPayer"]>>;

/** What a test changes of the permit that a payment brings: before it is signed, who signs it, and after. */
interface Changes extends PermitChanges {
  readonly allowance?: Partial<AllowancePermit>;
  readonly signer?: Payer;
  readonly info?: Record<string, unknown>;
}

async function sponsoredRequest(payer: Payer, { allowance, signer = payer, info, ...changes }: Changes = {}) {
  const deadline = (await rig.chain.clock.now()) + 60n;
  const { permit, signature } = await signAllowance(rig, signer, { value: price, deadline, ...allowance });
  const brought = {
    from: permit.owner,
    asset: rig.chain.asset,
    spender: permit.spender,
    amount: `${permit.value}`,
    nonce: `${permit.nonce}`,
    deadline: `${permit.deadline}`,
    signature,
    version: "1",
    ...info,
  };
  const request = await permitRequest(rig, payer, {
    ...changes,
    extensions: { [eip2612GasSponsoringKey]: { info: brought } },
  });
  return { request, permit, signature };
}

describe.each(["exact", "upto"] as const)("%s of a payer that signs the allowance", (scheme) => {
  it("is verified, and settled once, in one transaction with the allowance", async () => {
    const payer = await rig.newPayer();
    const before = await witness(rig, payer.address);
    const { request } = await sponsoredRequest(payer, { scheme });
    expect(await verify(facilitator.url, request)).toEqual({ isValid: true, payer: payer.address });
    expect(await witness(rig, payer.address)).toEqual(before);
    const receipt = await settle(facilitator.url, request);
    expect(receipt).toMatchObject({ success: true, payer: payer.address });
    expect(await settle(facilitator.url, request)).toEqual(receipt);
    expect(await witness(rig, payer.address)).toEqual({
      paid: before.paid - price,
      received: before.received + price,
      sent: before.sent + 1,
    });
  });

  it("is settled where somebody has sent the allowance already", async () => {
    const payer = await rig.newPayer();
    const { request, permit, signature } = await sponsoredRequest(payer, { scheme });
    expect(await verify(facilitator.url, request)).toMatchObject({ isValid: true });
    await sendAllowance(rig, permit, signature);
    expect(await verify(facilitator.url, request)).toMatchObject({ isValid: true });
    expect(await settle(facilitator.url, request)).toMatchObject({ success: true });
  });

  const faults: [title: string, code: string, changes: Changes | ((payer: Payer) => Changes)][] = [
    ["of another spender", "eip2612_spender_not_permit2", { allowance: { spender: stranger.address } }],
    ["of another payer", "eip2612_from_mismatch", { signer: stranger }],
    ["in another token", "eip2612_asset_mismatch", { info: { asset: stranger.address } }],
    ["of a unit too little", "permit2_2612_amount_mismatch", { allowance: { value: price - 1n } }],
    ["of a unit too much", "permit2_2612_amount_mismatch", { allowance: { value: price + 1n } }],
    ["that expired", "eip2612_deadline_expired", { allowance: { deadline: 1n } }],
    [
      "that another signed",
      "PERMIT2_ALLOWANCE_REQUIRED",
      ({ address: owner }) => ({ signer: stranger, allowance: { owner } }),
    ],
    ["of another nonce", "PERMIT2_ALLOWANCE_REQUIRED", { allowance: { nonce: 7n } }],
    ["without an amount", "invalid_eip2612_extension_format", { info: { amount: undefined } }],
    ["with half a signature", "invalid_eip2612_extension_format", { info: { signature: "0x1234" } }],
    ["with an amount of 0x10", "invalid_eip2612_extension_format", { info: { amount: "0x10" } }],
  ];

  it.each(faults)("an allowance %s is refused with %s, and nothing moves", async (_title, code, changes) => {
    const payer = await rig.newPayer();
    const changed = typeof changes === "function" ? changes(payer) : changes;
    const { request } = await sponsoredRequest(payer, { scheme, ...changed });
    await expectRefused(request, payer.address, code);
  });

  it("a good allowance makes no other payment good", async () => {
    const payer = await rig.newPayer();
    const { request } = await sponsoredRequest(payer, { scheme, witness: { to: stranger.address } });
    await expectRefused(request, payer.address, "invalid_permit2_recipient_mismatch");
  });

  it("what the seller declared, sent back unfilled, is no allowance", async () => {
    const payer = await rig.newPayer();
    const extensions = {
      [eip2612GasSponsoringKey]: { info: { description: "…", version: "1" }, schema: {} },
    };
    const request = await permitRequest(rig, payer, { scheme, extensions });
    await expectRefused(request, payer.address, "PERMIT2_ALLOWANCE_REQUIRED");
  });
});

it("of two payments that bring the same allowance, one is settled", async () => {
  const payer = await rig.newPayer();
  const [first, second] = await Promise.all([sponsoredRequest(payer), sponsoredRequest(payer)]);
  expect(await settle(facilitator.url, first.request)).toMatchObject({ success: true });
  await expectRefused(second.request, payer.address, "PERMIT2_ALLOWANCE_REQUIRED");
});

it.each([
  ["exact", ExactEvmScheme],
  ["upto", UptoEvmScheme],
] as const)("what the official client of %s signs is settled", async (scheme, Client) => {
  const payer = await rig.newPayer();
  const { paymentRequirements } = await permitRequest(rig, payer, { scheme });
  const terms = {
    ...paymentRequirements,
    extra: { ...paymentRequirements.extra, ...usdcDomain, assetTransferMethod: "permit2" },
  };
  const client = new Client(payer, { rpcUrl: rig.chain.rpcUrl });
  const extensions = declareEip2612GasSponsoringExtension();
  const made = await client.createPaymentPayload(2, terms, { extensions });
  expect(made.extensions).toHaveProperty([eip2612GasSponsoringKey]);
  const request = {
    x402Version: 2,
    paymentPayload: { accepted: terms, ...made },
    paymentRequirements: terms,
  };
  expect(await verify(facilitator.url, request)).toEqual({ isValid: true, payer: payer.address });
  expect(await settle(facilitator.url, request)).toMatchObject({ success: true });
});

it("a token that knows no permits is told as an allowance that is missing", async () => {
  const payer = await rig.newPayer();
  const { chain, developer } = rig;
  const code = (await developer.getCode({ address: chain.asset })) ?? "0x";
  const { request } = await sponsoredRequest(payer);
  // The token that it was, but that its permit has another selector.
  const bytecode = `0x${code.slice(2).replaceAll("d505accf", "d505acce")}` as const;
  expect(bytecode).not.toBe(code);
  await developer.setCode({ address: chain.asset, bytecode });
  try {
    await expectRefused(request, payer.address, "PERMIT2_ALLOWANCE_REQUIRED");
  } finally {
    await developer.setCode({ address: chain.asset, bytecode: code });
  }
});

async function expectRefused(request: unknown, payer: `0x${string}`, code: string): Promise<void> {
  const before = await witness(rig, payer);
  expect(await verify(facilitator.url, request)).toMatchObject({ isValid: false, invalidReason: code });
  expect(await settle(facilitator.url, request)).toMatchObject({
    success: false,
    errorReason: code,
    transaction: "",
  });
  expect(await witness(rig, payer)).toEqual(before);
}
