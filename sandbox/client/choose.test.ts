import { describe, expect, test } from "vitest";
import { namedAccounts } from "../chain/index.ts";
import { buyerOf, countingSigner, failureOf, sellerOf } from "./testing/buying.ts";
import { challengeWith, demand, goodEntry } from "./testing/scripted-seller.ts";

const signer = countingSigner();
const onBase = {
  ...goodEntry,
  network: "eip155:8453",
  asset: "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913",
} as const;

async function chosen(options: Parameters<typeof buyerOf>[0], ...accepts: unknown[]) {
  const { origin } = await sellerOf({ unpaid: demand({ ...challengeWith(), accepts }) });
  const prepared = await buyerOf({ signer, ...options }).prepare(origin);
  return prepared.kind === "ready" ? prepared.requirements : prepared;
}

describe("of several entries", () => {
  test("the seller's first is taken without a preference", async () => {
    expect(await chosen({}, onBase, goodEntry)).toEqual(onBase);
  });

  test("the earliest preference counts", async () => {
    const preferences = [
      { network: "eip155:10" },
      { asset: goodEntry.asset.toLowerCase() },
      { network: "eip155:8453" },
    ] as const;
    expect(await chosen({ preferences }, onBase, goodEntry)).toEqual(goodEntry);
  });

  test("one that is malformed hides no other", async () => {
    const malformed = [
      { ...goodEntry, amount: 1000 },
      { ...goodEntry, network: "base-sepolia" },
      "free",
      null,
    ];
    expect(await chosen({}, ...malformed, goodEntry)).toEqual(goodEntry);
  });

  test("one over the limit is left for one within it", async () => {
    expect(await chosen({}, { ...onBase, amount: "1000001" }, goodEntry)).toEqual(goodEntry);
  });
});

describe("the policy", () => {
  test("allows named payees only", async () => {
    const other = { ...goodEntry, payTo: signer.address };
    const allowedPayees = [namedAccounts.seller.address];
    expect(await chosen({ allowedPayees }, other, goodEntry)).toEqual(goodEntry);
    expect(await chosen({ allowedPayees }, other)).toMatchObject({ error: { code: "policy-denied" } });
  });

  test.each([
    ["says no", () => false],
    ["fails", () => Promise.reject(new Error("owner is away"))],
    ["answers with something else", () => JSON.parse('"yes"')],
  ])("signs nothing when authorize %s", async (_, authorize) => {
    const own = countingSigner();
    const { origin } = await sellerOf();
    expect(await failureOf(buyerOf({ signer: own, authorize }).pay(origin))).toMatchObject({
      code: "policy-denied",
      moneyMoved: "no",
    });
    expect(own.signed).toBe(0);
  });

  test("shows authorize what will be signed", async () => {
    const { origin } = await sellerOf();
    const asked: unknown[] = [];
    const authorize = (payment: unknown) => asked.push(payment) === 1;
    await buyerOf({ signer, authorize }).pay({ url: `${origin}/a`, idempotencyKey: "k" });
    expect(asked).toEqual([
      { method: "GET", url: `${origin}/a`, idempotencyKey: "k", requirements: goodEntry, amount: 1000n },
    ]);
  });
});
