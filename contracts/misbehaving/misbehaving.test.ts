import { parseEventLogs, type TransactionReceipt } from "viem";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { signTransfer, transferData } from "../test/authorization.ts";
import { accounts, startTestChain, type TestChain } from "../test/chain.ts";
import { fiatTokenAbi } from "../test/fiat-token-abi.ts";
import { deployToken, type TestToken } from "../test/token.ts";

const { payer, payee, sender } = accounts;
const value = 1000n;

let chain: TestChain;
let token: TestToken;

beforeAll(async () => {
  chain = await startTestChain();
  token = await deployToken(chain);
});
afterAll(() => chain.stop());
beforeEach(() => chain.isolate());

/** Puts a contract's code over the token's, as the sandbox does, and prepares a payment; sending it twice is allowed. */
async function paymentIn(contract: string) {
  const { deployedBytecode } = await chain.hre.artifacts.readArtifact(contract);
  await chain.client.setCode({ address: token.address, bytecode: deployedBytecode as `0x${string}` });
  const authorization = await token.authorization();
  const data = transferData(authorization, await signTransfer(payer, token.domain, authorization));
  return { authorization, pay: () => chain.send({ to: token.address, data }) };
}

function events({ logs }: TransactionReceipt): string[] {
  return parseEventLogs({ abi: fiatTokenAbi, logs }).map(({ eventName }) => eventName);
}

it("the honest token moves the value, once, and says so", async () => {
  const { pay } = await paymentIn("MockUSDC");
  const before = await token.balanceOf(payee.address);
  expect(events(await pay())).toEqual(["AuthorizationUsed", "Transfer"]);
  expect(await token.balanceOf(payee.address)).toBe(before + value);
  await expect(pay()).rejects.toThrow("used or canceled");
});

it("one that fails silently moves nothing, and its transfers return false", async () => {
  const { pay, authorization } = await paymentIn("FailingSilentlyUSDC");
  const before = await token.balanceOf(payee.address);
  expect(events(await pay())).toEqual(["AuthorizationUsed"]);
  expect(await token.balanceOf(payee.address)).toBe(before);
  expect(await token.isSpent(payer.address, authorization.nonce)).toBe(true);
  const asSender = { address: token.address, abi: fiatTokenAbi, account: sender } as const;
  const { simulateContract } = chain.client;
  const transfer = await simulateContract({
    ...asSender,
    functionName: "transfer",
    args: [payee.address, 1n],
  });
  const { address: from } = payer;
  const transferFrom = await simulateContract({
    ...asSender,
    functionName: "transferFrom",
    args: [from, payee.address, 1n],
  });
  expect([transfer.result, transferFrom.result]).toEqual([false, false]);
});

it.each([
  { sent: 1000n, fee: 10n },
  { sent: 50n, fee: 1n },
])("one that takes a fee credits $sent less $fee, and says so", async ({ sent, fee }) => {
  await paymentIn("FeeTakingUSDC");
  const before = await token.balanceOf(payee.address);
  const receipt = await token.send("transfer", [payee.address, sent], payer.address);
  expect(events(receipt)).toEqual(["Transfer", "Transfer"]);
  expect(await token.balanceOf(payee.address)).toBe(before + sent - fee);
  expect(await token.balanceOf("0x00000000000000000000000000000000000FEE00")).toBe(fee);
});

it("one that takes a fee lets nothing be sent for nothing", async () => {
  await paymentIn("FeeTakingUSDC");
  await token.send("transfer", [payee.address, 0n], payer.address);
});

it("one without events moves the value", async () => {
  const { pay } = await paymentIn("EventlessUSDC");
  const before = await token.balanceOf(payee.address);
  expect(events(await pay())).toEqual(["AuthorizationUsed"]);
  expect(await token.balanceOf(payee.address)).toBe(before + value);
});

it("one that forgets nonces lets an authorization be spent twice", async () => {
  const { pay, authorization } = await paymentIn("ForgetfulUSDC");
  const before = await token.balanceOf(payee.address);
  await pay();
  expect(await token.isSpent(payer.address, authorization.nonce)).toBe(false);
  await pay();
  expect(await token.balanceOf(payee.address)).toBe(before + 2n * value);
});
