import type { Hex } from "viem";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { accounts, type TestChain } from "../test/chain.ts";
import {
  permit2Address,
  permitFor,
  placeCode,
  signWitnessPermit,
  startPermit2Chain,
  transferCall,
  type WitnessPermit,
} from "../test/permit2.ts";
import type { TestToken } from "../test/token.ts";

const { payer, payee, sender: spender } = accounts;
const held = 10_000_000n;

let chain: TestChain;
let token: TestToken;

beforeAll(async () => {
  ({ chain, token } = await startPermit2Chain());
});
afterAll(() => chain.stop());
beforeEach(() => chain.isolate());

async function call(fields: Partial<WitnessPermit> = {}) {
  const permit = await permitFor(chain, token.address, "exact", { spender: spender.address, ...fields });
  const signature = await signWitnessPermit(payer, chain, permit);
  return transferCall({ permit, signature, owner: payer.address, amount: permit.amount });
}

async function attempt(fields: Partial<WitnessPermit> = {}): Promise<string> {
  return chain.attempt(await call(fields));
}

it.each([
  { allowance: 999n, answer: "TRANSFER_FROM_FAILED" },
  { allowance: 1000n, answer: "accepted" },
  { allowance: 0n, answer: "TRANSFER_FROM_FAILED" },
])("1000 with an allowance of $allowance: $answer", async ({ allowance, answer }) => {
  await token.send("approve", [permit2Address, allowance], payer.address);
  expect(await attempt()).toBe(answer);
});

it("counts the allowance down", async () => {
  await token.send("approve", [permit2Address, 1500n], payer.address);
  await chain.send(await call());
  expect(await token.allowance(payer.address, permit2Address)).toBe(500n);
  expect(await attempt()).toBe("TRANSFER_FROM_FAILED");
});

it("an allowance for the spender is of no use", async () => {
  await token.send("approve", [permit2Address, 0n], payer.address);
  await token.send("approve", [spender.address, 1000n], payer.address);
  expect(await attempt()).toBe("TRANSFER_FROM_FAILED");
});

it.each([
  { amount: held, answer: "accepted" },
  { amount: held + 1n, answer: "TRANSFER_FROM_FAILED" },
])("$amount of 10000000: $answer", async ({ amount, answer }) => {
  expect(await attempt({ amount })).toBe(answer);
});

it("whatever the token reverts with, Permit2 says the same", async () => {
  const transfer = await call();
  expect(await attempt({ to: `0x${"00".repeat(20)}` })).toBe("TRANSFER_FROM_FAILED");
  await token.send("blacklist", [payee.address]);
  expect(await chain.attempt(transfer)).toBe("TRANSFER_FROM_FAILED");
  await token.send("unBlacklist", [payee.address]);
  await token.send("pause", []);
  expect(await chain.attempt(transfer)).toBe("TRANSFER_FROM_FAILED");
  await token.send("unpause", []);
  expect(await chain.attempt(transfer)).toBe("accepted");
});

it("a token that returns false moved nothing", async () => {
  const transfer = await call();
  await placeCode(chain, "FailingSilentlyUSDC", token.address);
  expect(await chain.attempt(transfer)).toBe("TRANSFER_FROM_FAILED");
});

describe("a token that answers", () => {
  /** PUSH1 value, PUSH1 0, MSTORE, PUSH1 length, PUSH1 0, RETURN or REVERT. */
  const answering = (value: string, length: string, end = "f3"): Hex =>
    `0x60${value}60005260${length}6000${end}`;

  it.each([
    { what: "1", code: answering("01", "20"), answer: "accepted" },
    { what: "1 and more", code: answering("01", "40"), answer: "accepted" },
    { what: "nothing", code: "0x00" as const, answer: "accepted" },
    { what: "nothing, as there is none", code: "0x" as const, answer: "accepted" },
    { what: "0", code: answering("00", "20"), answer: "TRANSFER_FROM_FAILED" },
    { what: "2", code: answering("02", "20"), answer: "TRANSFER_FROM_FAILED" },
    { what: "31 bytes", code: answering("01", "1f"), answer: "TRANSFER_FROM_FAILED" },
    { what: "1, and reverts", code: answering("01", "20", "fd"), answer: "TRANSFER_FROM_FAILED" },
    { what: "nothing, and reverts", code: answering("01", "00", "fd"), answer: "TRANSFER_FROM_FAILED" },
  ])("$what: $answer", async ({ code, answer }) => {
    const transfer = await call();
    await chain.client.setCode({ address: token.address, bytecode: code });
    expect(await chain.attempt(transfer)).toBe(answer);
  });
});
