import type { Hex } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { minedReceipt, usdcAbi } from "../chain/index.ts";
import type { RunningFacilitator } from "./index.ts";
import { price, type RequestChanges, type Rig, settle, startRig, verify, witness } from "./testing/rig.ts";

let rig: Rig;
let facilitator: RunningFacilitator;

beforeAll(async () => {
  rig = await startRig();
  facilitator = await rig.start();
});
afterAll(() => rig.stop());

const stranger = "0x00000000000000000000000000000000DeaDBeef";
const curveOrder = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** The malleable twin of a signature: valid for the same key on the curve, refused by tokens. */
function highS(signature: Hex): Hex {
  const s = curveOrder - BigInt(`0x${signature.slice(66, 130)}`);
  const v = signature.endsWith("1b") ? "1c" : "1b";
  return `0x${signature.slice(2, 66)}${s.toString(16).padStart(64, "0")}${v}`;
}

function flip(signature: Hex, byte: number): Hex {
  const at = 2 + byte * 2;
  const flipped = (Number.parseInt(signature.slice(at, at + 2), 16) ^ 1).toString(16).padStart(2, "0");
  return `0x${signature.slice(2, at)}${flipped}${signature.slice(at + 2)}`;
}

const signatureCode = "invalid_exact_evm_payload_signature";
const faults: [title: string, code: string, changes: RequestChanges][] = [
  ["another scheme", "unsupported_scheme", { requirements: { scheme: "deferred" } }],
  ["accepted.scheme differs", "invalid_scheme", { accepted: { scheme: "upto" } }],
  ["another EVM network", "invalid_network", { requirements: { network: "eip155:8453" } }],
  ["a network that is not EVM", "invalid_network", { requirements: { network: "solana:mainnet" } }],
  ["accepted.network differs", "invalid_network", { accepted: { network: "eip155:8453" } }],
  ["accepted.amount differs", "invalid_payload", { accepted: { amount: "999" } }],
  ["accepted.asset differs", "invalid_payload", { accepted: { asset: stranger } }],
  ["accepted.payTo differs", "invalid_payload", { accepted: { payTo: stranger } }],
  ["amount is decimal", "invalid_payment_requirements", { requirements: { amount: "0.5" } }],
  ["amount is a number", "invalid_payment_requirements", { requirements: { amount: 1000 } }],
  ["payTo is no address", "invalid_payment_requirements", { requirements: { payTo: "alice" } }],
  ["asset is no address", "invalid_payment_requirements", { requirements: { asset: "USDC" } }],
  ["no domain", "invalid_payment_requirements", { requirements: { extra: {} } }],
  ["no extra at all", "invalid_payment_requirements", { requirements: { extra: undefined } }],
  [
    "asset without code",
    "invalid_payment_requirements",
    { requirements: { asset: stranger }, domain: { verifyingContract: stranger } },
  ],
  ["value is not decimal", "invalid_payload", { forged: { value: "ten" } }],
  ["value is a number", "invalid_payload", { forged: { value: 1000 } }],
  ["nonce of 31 bytes", "invalid_payload", { forged: { nonce: `0x${"11".repeat(31)}` } }],
  ["from is no address", "invalid_payload", { forged: { from: "0x1234" } }],
  ["validBefore beyond 2^256", "invalid_payload", { forged: { validBefore: "9".repeat(78) } }],
  ["signature is no hex", "invalid_payload", { signature: () => "signed, me" }],
  ["signature of 64 bytes", signatureCode, { signature: (signature) => signature.slice(0, -2) }],
  ["signature of 66 bytes", signatureCode, { signature: (signature) => `${signature}00` }],
  ["signature of no bytes", signatureCode, { signature: () => "0x" }],
  ["signature with high s", signatureCode, { signature: highS }],
  [
    "signature with v 0 or 1",
    signatureCode,
    { signature: (s) => `${s.slice(0, -2)}0${s.endsWith("1c") ? 1 : 0}` },
  ],
  ["r flipped", signatureCode, { signature: (signature) => flip(signature, 0) }],
  ["s flipped", signatureCode, { signature: (signature) => flip(signature, 63) }],
  ["all zero", signatureCode, { signature: () => `0x${"00".repeat(64)}1b` }],
  ["domain of another chain", signatureCode, { domain: { chainId: 1 } }],
  ["domain of another token", signatureCode, { domain: { verifyingContract: stranger } }],
  ["domain name differs", signatureCode, { domain: { name: "USD Coin" } }],
  ["domain version differs", signatureCode, { domain: { version: "1" } }],
  ["from changed after signing", signatureCode, { forged: { from: stranger } }],
  ["nonce changed after signing", signatureCode, { forged: { nonce: `0x${"11".repeat(32)}` } }],
  ["validAfter changed after signing", signatureCode, { forged: { validAfter: "1" } }],
  ["validBefore changed after signing", signatureCode, { forged: { validBefore: "9999999999" } }],
  ["pays somebody else", "invalid_exact_evm_payload_recipient_mismatch", { authorization: { to: stranger } }],
  [
    "pays one unit less",
    "invalid_exact_evm_payload_authorization_value_mismatch",
    { authorization: { value: `${price - 1n}` } },
  ],
  [
    "pays one unit more",
    "invalid_exact_evm_payload_authorization_value_mismatch",
    { authorization: { value: `${price + 1n}` } },
  ],
  [
    "expired",
    "invalid_exact_evm_payload_authorization_valid_before",
    { authorization: { validBefore: "1" } },
  ],
  [
    "not yet valid",
    "invalid_exact_evm_payload_authorization_valid_after",
    { authorization: { validAfter: "9999999999" } },
  ],
  [
    "more than the payer holds",
    "insufficient_funds",
    { requirements: { amount: `${price * 10n + 1n}` }, authorization: { value: `${price * 10n + 1n}` } },
  ],
];

describe("one fault at a time is refused with its code, by verify and by settle, and nothing moves", () => {
  it.each(faults)("%s: %s", async (_title, code, changes) => {
    const payer = await rig.newPayer();
    const request = await rig.request(payer, changes);
    const before = await witness(rig, payer.address);
    expect(await verify(facilitator.url, request)).toMatchObject({ isValid: false, invalidReason: code });
    expect(await settle(facilitator.url, request)).toMatchObject({
      success: false,
      errorReason: code,
      transaction: "",
      network: rig.chain.network,
    });
    expect(await witness(rig, payer.address)).toEqual(before);
  });
});

it("without a fault the same request is valid, and verifying it spends nothing", async () => {
  const payer = await rig.newPayer();
  const request = await rig.request(payer);
  const before = await witness(rig, payer.address);
  expect(await verify(facilitator.url, request)).toEqual({ isValid: true, payer: payer.address });
  expect(await verify(facilitator.url, request)).toEqual({ isValid: true, payer: payer.address });
  expect(await witness(rig, payer.address)).toEqual(before);
});

it("addresses are compared in any case", async () => {
  const payer = await rig.newPayer();
  const seller = rig.chain.accounts.seller.address;
  const request = await rig.request(payer, {
    accepted: { payTo: seller.toLowerCase(), asset: rig.chain.asset.toLowerCase() },
    forged: { to: seller.toUpperCase().replace("0X", "0x") },
  });
  expect(await verify(facilitator.url, request)).toMatchObject({ isValid: true });
});

it("an authorization that leaves more than six seconds is valid, one that leaves less is not", async () => {
  const payer = await rig.newPayer();
  const now = await rig.chain.clock.now();
  const enough = await rig.request(payer, { authorization: { validBefore: `${now + 30n}` } });
  const tooLittle = await rig.request(payer, { authorization: { validBefore: `${now + 6n}` } });
  expect(await verify(facilitator.url, enough)).toMatchObject({ isValid: true });
  expect(await verify(facilitator.url, tooLittle)).toMatchObject({
    invalidReason: "invalid_exact_evm_payload_authorization_valid_before",
  });
});

it("a payer that never held anything has insufficient funds", async () => {
  const request = await rig.request(privateKeyToAccount(generatePrivateKey()));
  expect(await verify(facilitator.url, request)).toMatchObject({ invalidReason: "insufficient_funds" });
});

describe("what has no code of its own is refused as invalid_transaction_state, in words", () => {
  it("an authorization that somebody else has used", async () => {
    const payer = await rig.newPayer();
    const other = await rig.start({ privateKey: rig.chain.accounts.payer.privateKey });
    const request = await rig.request(payer);
    expect(await settle(other.url, request)).toMatchObject({ success: true });
    await expectRefused(request, payer.address, /nonce is spent/);
  });

  it("a payer on the token's blacklist", async () => {
    const payer = await rig.newPayer();
    await admin("blacklist", [payer.address]);
    await expectRefused(await rig.request(payer), payer.address, /account is blacklisted/);
  });

  it("a token that is paused", async () => {
    const payer = await rig.newPayer();
    await admin("pause", []);
    try {
      await expectRefused(await rig.request(payer), payer.address, /paused/);
    } finally {
      await admin("unpause", []);
    }
  });

  async function expectRefused(request: unknown, payer: Hex, words: RegExp) {
    const before = await witness(rig, payer);
    expect(await verify(facilitator.url, request)).toMatchObject({
      isValid: false,
      invalidReason: "invalid_transaction_state",
      invalidMessage: expect.stringMatching(words),
    });
    expect(await settle(facilitator.url, request)).toMatchObject({
      success: false,
      errorReason: "invalid_transaction_state",
      transaction: "",
    });
    expect(await witness(rig, payer)).toEqual(before);
  }

  async function admin(functionName: "pause" | "unpause" | "blacklist", args: [] | [Hex]) {
    const call = { address: rig.chain.asset, abi: usdcAbi, chain: null } as const;
    const hash =
      functionName === "blacklist"
        ? await rig.developer.writeContract({ ...call, functionName, args: [args[0] ?? "0x"] })
        : await rig.developer.writeContract({ ...call, functionName });
    await minedReceipt(rig.developer, hash);
  }
});
