import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningFacilitator } from "./index.ts";
import { allowPermit2, newPermitPayer, type PermitChanges, permitRequest } from "./testing/permits.ts";
import { price, type Rig, settle, startRig, verify, witness } from "./testing/rig.ts";

let rig: Rig;
let facilitator: RunningFacilitator;

beforeAll(async () => {
  rig = await startRig();
  facilitator = await rig.start();
});
afterAll(() => rig.stop());

const stranger = "0x00000000000000000000000000000000DeaDBeef";

describe.each(["exact", "upto"] as const)("%s by Permit2", (scheme) => {
  it("is verified, settled once, and answered the same again", async () => {
    const payer = await newPermitPayer(rig);
    const request = await permitRequest(rig, payer, { scheme });
    const opening = await rig.chain.ledger.now();
    expect(await verify(facilitator.url, request)).toEqual({ isValid: true, payer: payer.address });
    const receipt = await settle(facilitator.url, request);
    const [transfer, ...more] = await rig.chain.ledger.transfersFrom(payer.address, { after: opening });
    expect(more).toEqual([]);
    expect(transfer).toMatchObject({ to: rig.chain.accounts.seller.address, value: price });
    expect(receipt).toEqual({
      success: true,
      payer: payer.address,
      transaction: transfer?.transaction,
      network: rig.chain.network,
      ...(scheme === "upto" ? { amount: `${price}` } : {}),
    });
    expect(await settle(facilitator.url, request)).toEqual(receipt);
    expect(await verify(facilitator.url, request)).toMatchObject({
      isValid: false,
      invalidReason: "invalid_transaction_state",
    });
    expect(await rig.chain.ledger.transfersFrom(payer.address, { after: opening })).toHaveLength(1);
  });

  it("that was settled answers nobody who demands it for somebody else", async () => {
    const payer = await newPermitPayer(rig);
    const permit = { nonce: "9", deadline: "99999999999" };
    const request = await permitRequest(rig, payer, { scheme, permit });
    expect(await settle(facilitator.url, request)).toMatchObject({ success: true });
    const terms = { payTo: stranger };
    const other = await permitRequest(rig, payer, { scheme, permit, accepted: terms, requirements: terms });
    const before = await witness(rig, payer.address);
    expect(await settle(facilitator.url, other)).toMatchObject({ success: false, transaction: "" });
    expect(await witness(rig, payer.address)).toEqual(before);
  });

  const amountCode =
    scheme === "upto" ? "invalid_upto_evm_payload_settlement_exceeds_amount" : "permit2_amount_mismatch";
  const permitted = (amount: bigint) => ({
    permit: { permitted: { token: rig.chain.asset, amount: `${amount}` } },
  });
  const faults: [title: string, code: string, changes: () => PermitChanges][] = [
    ["another chain", "invalid_permit2_signature", () => ({ chainId: 1 })],
    ["another owner", "invalid_permit2_signature", () => ({ permit: { from: stranger } })],
    ["one unit too little", amountCode, () => permitted(price - 1n)],
    ["expired", "permit2_deadline_expired", () => ({ permit: { deadline: "1" } })],
    ["not yet valid", "permit2_not_yet_valid", () => ({ witness: { validAfter: "9999999999" } })],
    [
      "another token",
      "permit2_token_mismatch",
      () => ({ permit: { permitted: { token: stranger, amount: `${price}` } } }),
    ],
    ["another spender", "invalid_permit2_spender", () => ({ permit: { spender: stranger } })],
    ["pays somebody else", "invalid_permit2_recipient_mismatch", () => ({ witness: { to: stranger } })],
    ["accepted.payTo differs", "invalid_payload", () => ({ accepted: { payTo: stranger } })],
    ["a signature that is no hex", "invalid_payload", () => ({ signature: () => "signed, me" })],
  ];

  it.each(faults)("%s is refused with %s, and nothing moves", async (_title, code, changes) => {
    const payer = await newPermitPayer(rig);
    const request = await permitRequest(rig, payer, { scheme, ...changes() });
    await expectRefused(request, payer.address, code);
  });

  it("without an allowance, and with one of a unit too little, the payer is told to give one", async () => {
    const payer = await rig.newPayer();
    const code = "PERMIT2_ALLOWANCE_REQUIRED";
    await expectRefused(await permitRequest(rig, payer, { scheme }), payer.address, code);
    await allowPermit2(rig, payer, price - 1n);
    await expectRefused(await permitRequest(rig, payer, { scheme }), payer.address, code);
    await allowPermit2(rig, payer, price);
    expect(await settle(facilitator.url, await permitRequest(rig, payer, { scheme }))).toMatchObject({
      success: true,
    });
  });

  it("a nonce is good for one payment, whatever the payment", async () => {
    const payer = await newPermitPayer(rig);
    const nonce = "7";
    const first = await permitRequest(rig, payer, { scheme, permit: { nonce } });
    const second = await permitRequest(rig, payer, { scheme, permit: { nonce, deadline: "99999999999" } });
    expect(await settle(facilitator.url, first)).toMatchObject({ success: true });
    await expectRefused(second, payer.address, "invalid_transaction_state");
  });
});

describe("what is charged of upto", () => {
  const charging = (amount: bigint) => ({
    scheme: "upto" as const,
    accepted: { amount: `${price}` },
    requirements: { amount: `${amount}` },
  });

  it("is any part of what is permitted", async () => {
    const payer = await newPermitPayer(rig);
    const opening = await rig.chain.ledger.now();
    const receipt = await settle(facilitator.url, await permitRequest(rig, payer, charging(1n)));
    expect(receipt).toMatchObject({ success: true, amount: "1" });
    const transfers = await rig.chain.ledger.transfersFrom(payer.address, { after: opening });
    expect(transfers.map(({ value }) => value)).toEqual([1n]);
  });

  it("is no more than that", async () => {
    const payer = await newPermitPayer(rig);
    const before = await witness(rig, payer.address);
    expect(
      await settle(facilitator.url, await permitRequest(rig, payer, charging(price + 1n))),
    ).toMatchObject({
      success: false,
      errorReason: "invalid_upto_evm_payload_settlement_exceeds_amount",
      transaction: "",
    });
    expect(await witness(rig, payer.address)).toEqual(before);
  });

  it("may be nothing: then nothing is sent", async () => {
    const payer = await newPermitPayer(rig);
    const before = await witness(rig, payer.address);
    expect(await settle(facilitator.url, await permitRequest(rig, payer, charging(0n)))).toEqual({
      success: true,
      payer: payer.address,
      transaction: "",
      network: rig.chain.network,
      amount: "0",
    });
    expect(await witness(rig, payer.address)).toEqual(before);
  });

  it("is the whole when it is verified", async () => {
    const payer = await newPermitPayer(rig);
    expect(await verify(facilitator.url, await permitRequest(rig, payer, charging(1n)))).toMatchObject({
      isValid: false,
    });
  });

  it("is charged by no other facilitator than the one that was signed for", async () => {
    const payer = await newPermitPayer(rig);
    const changes = { scheme: "upto", witness: { facilitator: stranger } } as const;
    await expectRefused(await permitRequest(rig, payer, changes), payer.address, "upto_facilitator_mismatch");
  });
});

it("a facilitator in the witness of exact is no part of what was signed", async () => {
  const payer = await newPermitPayer(rig);
  const request = await permitRequest(rig, payer, { witness: { facilitator: stranger } });
  expect(await settle(facilitator.url, request)).toMatchObject({ success: true });
});

it("the method that is stated is the one that is paid with", async () => {
  const payer = await newPermitPayer(rig);
  const extra = { assetTransferMethod: "eip3009", name: "USDC", version: "2" };
  const request = await permitRequest(rig, payer, { accepted: { extra }, requirements: { extra } });
  await expectRefused(request, payer.address, "invalid_payload");
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
