import { zeroAddress } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { derivePayer, namedAccounts } from "./accounts.ts";
import { baseSepoliaUsdc, canonicalAddresses } from "./assets.ts";
import { type Chain, payerFunds, startChain } from "./chain.ts";
import { readerOf } from "./connection.ts";
import { usdcAbi } from "./token.ts";

let chain: Chain;
beforeAll(async () => {
  chain = await startChain();
});
afterAll(() => chain.stop());

test("a fresh chain answers as Base Sepolia, with USDC at its address there", async () => {
  const reader = readerOf(chain.rpcUrl);
  const token = { address: baseSepoliaUsdc, abi: usdcAbi } as const;
  expect(chain).toMatchObject({ chainId: 84_532, network: "eip155:84532", asset: baseSepoliaUsdc });
  expect(await reader.getChainId()).toBe(84_532);
  expect(await reader.readContract({ ...token, functionName: "name" })).toBe("USDC");
  expect(await reader.readContract({ ...token, functionName: "version" })).toBe("2");
});

test("helper contracts are at their canonical addresses", async () => {
  const reader = readerOf(chain.rpcUrl);
  for (const address of Object.values(canonicalAddresses)) {
    expect(await reader.getCode({ address }), address).toMatch(/^0x[0-9a-f]{20,}/);
  }
});

test("the payer starts with a thousand dollars, the others with gas only", async () => {
  const { payer, seller, facilitator } = chain.accounts;
  const reader = readerOf(chain.rpcUrl);
  expect(await chain.ledger.balanceOf(payer.address)).toBe(payerFunds);
  expect(await chain.ledger.balanceOf(seller.address)).toBe(0n);
  expect(await reader.getBalance({ address: facilitator.address })).toBeGreaterThan(10n ** 18n);
});

test("the RPC listens on this machine only", () => {
  expect(new URL(chain.rpcUrl).hostname).toBe("127.0.0.1");
});

test("payers are derived from seed and label, and from nothing else", () => {
  const payer = derivePayer("7f3a", "a.case");
  expect(derivePayer("7f3a", "a.case")).toEqual(payer);
  const others = [
    derivePayer("7f3a", "another.case"),
    derivePayer("7f3b", "a.case"),
    derivePayer("7f3", "aa.case"),
  ];
  expect(new Set([payer, ...others].map(({ address }) => address)).size).toBe(4);
  expect(payer).toEqual({
    address: "0x360de34294858BfB5C0C59C65F5Aa0b07E8dd46B",
    privateKey: payer.privateKey,
  });
});

test("64 orders at once all arrive in one transaction", async () => {
  const before = await chain.ledger.now();
  const accounts = Array.from({ length: 64 }, (_, index) => derivePayer("faucet", `${index}`).address);
  await Promise.all(accounts.map((account, index) => chain.fund(account, BigInt(index + 1))));
  const balances = await Promise.all(accounts.map((account) => chain.ledger.balanceOf(account)));
  expect(balances).toEqual(accounts.map((_, index) => BigInt(index + 1)));
  expect(await chain.ledger.now()).toBe(before + 1n);
});

test("more orders than fit into one block arrive, too", async () => {
  const account = derivePayer("faucet", "many").address;
  await Promise.all(Array.from({ length: 250 }, () => chain.fund(account, 1n)));
  expect(await chain.ledger.balanceOf(account)).toBe(250n);
});

test("an order that the token refuses fails alone", async () => {
  const account = derivePayer("faucet", "beside a bad order").address;
  const outcomes = await Promise.allSettled([
    chain.fund(account, 5n),
    chain.fund(zeroAddress, 5n),
    chain.fund(account, 6n),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(outcomes[1]).toMatchObject({ reason: { details: expect.stringContaining("zero address") } });
  expect(await chain.ledger.balanceOf(account)).toBe(11n);
});

test("the clock moves forward by what it is told, for every reader", async () => {
  const before = await chain.clock.now();
  await chain.clock.advance(3600);
  const { timestamp } = await readerOf(chain.rpcUrl).getBlock();
  expect(timestamp - before).toBeGreaterThanOrEqual(3600n);
  expect(timestamp - before).toBeLessThan(3610n);
  expect(await chain.clock.now()).toBeGreaterThanOrEqual(timestamp);
});

test("with a block time, the start does not wait for blocks and transactions do", async () => {
  const slow = await startChain({ blockTime: 1 });
  try {
    const { address } = derivePayer("slow", "payer");
    const before = await slow.ledger.now();
    await slow.fund(address, 1n);
    await slow.fund(address, 2n);
    expect(await slow.ledger.balanceOf(address)).toBe(3n);
    expect(await slow.ledger.now()).toBeGreaterThanOrEqual(before + 2n);
    const [one, two] = await Promise.all(
      [before + 1n, before + 2n].map(
        async (blockNumber) => (await readerOf(slow.rpcUrl).getBlock({ blockNumber })).timestamp,
      ),
    );
    expect(Number(two) - Number(one)).toBe(1);
  } finally {
    await slow.stop();
  }
});

test("named accounts are Anvil's well-known ones", () => {
  expect(namedAccounts.payer.address).toBe("0x90F79bf6EB2c4f870365E785982E1f101E93b906");
});
