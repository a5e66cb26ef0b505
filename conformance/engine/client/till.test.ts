import { padHex } from "viem";
import { expect, test } from "vitest";
import type { SignedAuthorization } from "../../oracles/authorization.ts";
import { Till } from "./till.ts";

const payer = "0x1111111111111111111111111111111111111111";
const entry = {
  scheme: "exact",
  network: "eip155:84532",
  amount: "1000",
  asset: payer,
  payTo: payer,
  extra: { name: "USDC", version: "2" },
};
const transaction = padHex("0x7", { size: 32 });

/** As long as a key's. */
const key = `0x${"1".repeat(130)}` as const;

function now(): bigint {
  return BigInt(Math.floor(Date.now() / 1000));
}

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
    hasCode: async () => false,
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

test.each<[what: string, change: () => Partial<SignedAuthorization>, why: RegExp]>([
  [
    "a signature of 129 digits",
    () => ({ signature: `0x${"1".repeat(129)}` }),
    /^the signature has 129 hex digits.*zeros/,
  ],
  [
    "a signature of 64 bytes",
    () => ({ signature: `0x${"1".repeat(128)}` }),
    /^the signature has 64 bytes; a key's has 65/,
  ],
  ["a nonce of 31 bytes", () => ({ nonce: `0x${"1".repeat(62)}` }), /^the nonce has 31 bytes; it is 32/],
  ["a time without end", () => ({ validBefore: 2n ** 256n }), /^a number in it does not fit/],
  [
    "what has expired",
    () => ({ validBefore: now() - 18_000n, signature: key }),
    /^validBefore was 18\d{3} s ago \(is the clock in local/,
  ],
  ["what begins later", () => ({ validAfter: now() + 600n, signature: key }), /^validAfter is in \d{3} s$/],
])("refuses %s, and says so", async (_, change, why) => {
  const { till, spentAt } = openTill();
  const { authorization, ...seen } = payment(0);
  const changed = { ...seen, authorization: { ...authorization, ...change() } };
  expect(await till.examine(changed, [entry])).toEqual({ ok: false, why: expect.stringMatching(why) });
  expect(spentAt).toEqual([]);
});
