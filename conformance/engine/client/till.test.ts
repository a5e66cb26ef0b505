import { padHex } from "viem";
import { expect, test } from "vitest";
import { Till } from "./till.ts";

const payer = "0x1111111111111111111111111111111111111111";
const transaction = padHex("0x7", { size: 32 });

/** A till whose chain takes everything, and the times at which it was asked to, Unix milliseconds. */
function openTill() {
  const spentAt: number[] = [];
  const spend = async () => {
    spentAt.push(Date.now());
    return transaction;
  };
  const nobodysPermits = async () => Promise.reject(new Error("There are no permits here."));
  const onChain = {
    spend,
    spendPermit: nobodysPermits,
    allowanceOf: nobodysPermits,
    facilitator: payer,
  } as const;
  const till = new Till({ chainId: 84532, network: "eip155:84532", asset: payer, onChain });
  return { till, spentAt };
}

/** A payment that is valid after this second. */
function payment(validAfter: number) {
  const terms = { from: payer, to: payer, value: 1_000n, validBefore: 9_999_999_999n } as const;
  const nonce = padHex("0x1", { size: 32 });
  const authorization = { ...terms, validAfter: BigInt(validAfter), nonce, signature: "0x" } as const;
  return { at: Date.now(), protocol: "x402@2", header: "", authorization } as const;
}

test("takes an authorization of this very second when that second is over", async () => {
  const { till, spentAt } = openTill();
  const second = Math.floor(Date.now() / 1000);
  expect(await till.take(payment(second))).toEqual({ ok: true, transaction });
  expect(spentAt[0]).toBeGreaterThanOrEqual((second + 1) * 1_000);
});

test("waits for none that is valid much later: that is the token's to refuse", async () => {
  const { till, spentAt } = openTill();
  const inAnHour = Math.floor(Date.now() / 1000) + 3_600;
  await till.take(payment(inAnHour));
  expect(spentAt).toHaveLength(1);
});

test("takes one authorization once, however often it comes", async () => {
  const { till, spentAt } = openTill();
  await Promise.all([till.take(payment(0)), till.take(payment(0))]);
  expect(spentAt).toHaveLength(1);
  expect(await till.transfers()).toBe(1);
});
