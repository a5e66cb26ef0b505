import fc from "fast-check";
import { concat, type Hex, hashTypedData, numberToHex, recoverAddress, slice } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { describe, expect, test } from "vitest";
import { derivePayer } from "../chain/index.ts";
import type { BuyerOptions } from "./buyer.ts";
import { canonicalSignature } from "./canonical-signature.ts";
import type { Signer } from "./signer.ts";
import { buyerOf, countingSigner, failureOf, paymentsOf, sellerOf } from "./testing/buying.ts";

const accountOf = (label: string) => privateKeyToAccount(derivePayer("signer", label).privateKey);
const [byNetwork, byFamily, byDefault] = ["network", "family", "default"].map(accountOf);

describe("the signer", () => {
  test.each<[string, BuyerOptions, string | undefined]>([
    [
      "of the network before all",
      { signer: byDefault, signers: { eip155: () => byFamily, "eip155:84532": () => byNetwork } },
      byNetwork?.address,
    ],
    [
      "of the family before the default",
      { signer: byDefault, signers: { eip155: () => byFamily } },
      byFamily?.address,
    ],
    ["by default", { signer: byDefault, signers: { solana: () => byFamily } }, byDefault?.address],
    [
      "that comes next, when a resolver has none",
      { signer: byDefault, signers: { "eip155:84532": async () => undefined } },
      byDefault?.address,
    ],
  ])("is the one %s", async (_, options, address) => {
    const { origin, received } = await sellerOf();
    await buyerOf(options).pay(origin);
    expect(received[1]).toMatchObject({
      signatureIsValid: true,
      payment: { payload: { authorization: { from: address } } },
    });
  });

  const never: Signer = { address: countingSigner().address, signTypedData: () => new Promise(() => {}) };
  test.each<[string, BuyerOptions, string]>([
    ["is absent", {}, "signer-unavailable"],
    ["is of another family", { signers: { solana: countingSigner() } }, "signer-unavailable"],
    ["cannot be found", { signer: () => Promise.reject(new Error("vault is sealed")) }, "signer-unavailable"],
    [
      "is not found in time",
      { signer: () => new Promise(() => {}), timeouts: { signer: 20 } },
      "signer-timeout",
    ],
    ["does not sign in time", { signer: never, timeouts: { signer: 20 } }, "signer-timeout"],
    [
      "refuses",
      { signer: { ...never, signTypedData: () => Promise.reject(new Error("user said no")) } },
      "signing-failed",
    ],
    ["throws", { signer: { ...never, signTypedData: () => JSON.parse("{") } }, "signing-failed"],
    ["answers with nothing", { signer: { ...never, signTypedData: async () => "0x" } }, "signing-failed"],
  ])("that %s sends nothing", async (_, options, code) => {
    const seller = await sellerOf();
    expect(await failureOf(buyerOf(options).pay(seller.origin))).toMatchObject({ code, moneyMoved: "no" });
    expect(paymentsOf(seller)).toEqual([]);
  });
});

describe("a signature", () => {
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const hash = hashTypedData({
    domain: { chainId: 1 },
    types: { Note: [{ name: "text", type: "string" }] },
    primaryType: "Note",
    message: { text: "hello" },
  });
  const account = byNetwork ?? accountOf("network");

  /** As a key service may give it: s in the upper half, v as 0 or 1. */
  async function foreign(highS: boolean, plainV: boolean): Promise<[Hex, Hex]> {
    const good = await account.sign({ hash });
    const s = BigInt(slice(good, 32, 64));
    const v = Number(slice(good, 64));
    const parity = highS ? 28 - v : v - 27;
    const changed = numberToHex(highS ? order - s : s, { size: 32 });
    const form = concat([
      slice(good, 0, 32),
      changed,
      numberToHex(plainV ? parity : parity + 27, { size: 1 }),
    ]);
    return [good, form];
  }

  test.each([
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ])("with high s %s and v of 0 or 1 %s becomes what tokens take", async (highS, plainV) => {
    const [good, form] = await foreign(highS, plainV);
    expect(canonicalSignature(form)).toBe(good);
    expect(await recoverAddress({ hash, signature: canonicalSignature(form) })).toBe(account.address);
  });

  test("of a smart wallet is left alone", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 66, maxLength: 300 }), (bytes) => {
        const signature: Hex = `0x${Buffer.from(bytes).toString("hex")}`;
        expect(canonicalSignature(signature)).toBe(signature);
      }),
    );
  });
});
