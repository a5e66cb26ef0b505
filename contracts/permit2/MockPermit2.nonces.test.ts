import { encodeFunctionData, maxUint256, parseEventLogs } from "viem";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { accounts, type TestChain } from "../test/chain.ts";
import {
  permit2Address,
  permitFor,
  signWitnessPermit,
  startPermit2Chain,
  transferCall,
} from "../test/permit2.ts";
import { permit2Abi } from "../test/permit2-abi.ts";
import type { TestToken } from "../test/token.ts";

const { payer, payee, sender: spender, stranger } = accounts;
const lastWord = maxUint256 >> 8n;

let chain: TestChain;
let token: TestToken;

beforeAll(async () => {
  ({ chain, token } = await startPermit2Chain());
});
afterAll(() => chain.stop());
beforeEach(() => chain.isolate());

async function transferWith(nonce: bigint, signer = payer) {
  const permit = await permitFor(chain, token.address, "exact", { spender: spender.address, nonce });
  const signature = await signWitnessPermit(signer, chain, permit);
  return transferCall({ permit, signature, owner: signer.address, amount: permit.amount });
}

function wordOf(position: bigint, owner = payer): Promise<bigint> {
  return chain.client.readContract({
    address: permit2Address,
    abi: permit2Abi,
    functionName: "nonceBitmap",
    args: [owner.address, position],
  });
}

function invalidate(position: bigint, mask: bigint, from = payer) {
  const args = [position, mask] as const;
  const data = encodeFunctionData({ abi: permit2Abi, functionName: "invalidateUnorderedNonces", args });
  return chain.send({ to: permit2Address, data, from: from.address });
}

it.each([
  { nonce: 0n, position: 0n, bit: 0n },
  { nonce: 255n, position: 0n, bit: 255n },
  { nonce: 256n, position: 1n, bit: 0n },
  { nonce: 513n, position: 2n, bit: 1n },
  { nonce: maxUint256, position: lastWord, bit: 255n },
])("nonce $nonce is bit $bit of word $position", async ({ nonce, position, bit }) => {
  expect(await wordOf(position)).toBe(0n);
  await chain.send(await transferWith(nonce));
  expect(await wordOf(position)).toBe(1n << bit);
  expect(await chain.attempt(await transferWith(nonce))).toBe("InvalidNonce()");
});

it("are used in any order, each once, and leave their neighbours alone", async () => {
  for (const nonce of [7n, 3n, 258n, 5n]) await chain.send(await transferWith(nonce));
  expect(await wordOf(0n)).toBe((1n << 7n) | (1n << 3n) | (1n << 5n));
  expect(await wordOf(1n)).toBe(1n << 2n);
  for (const nonce of [7n, 3n, 258n, 5n])
    expect(await chain.attempt(await transferWith(nonce))).toBe("InvalidNonce()");
  for (const nonce of [2n, 4n, 6n, 257n])
    expect(await chain.attempt(await transferWith(nonce))).toBe("accepted");
});

it("are their owner's own", async () => {
  await token.send("mint", [payee.address, 1000n]);
  await token.send("approve", [permit2Address, 1000n], payee.address);
  await chain.send(await transferWith(1n));
  expect(await wordOf(0n, payee)).toBe(0n);
  await chain.send(await transferWith(1n, payee));
  expect(await wordOf(0n, payee)).toBe(2n);
});

it("stay unused when the transfer fails", async () => {
  const call = await transferWith(9n);
  await token.send("pause", []);
  await expect(chain.send(call)).rejects.toThrow("TRANSFER_FROM_FAILED");
  expect(await wordOf(0n)).toBe(0n);
  await token.send("unpause", []);
  await chain.send(call);
});

it("invalidateUnorderedNonces spends those of the mask, and says so", async () => {
  const receipt = await invalidate(1n, 0b101n);
  expect(
    parseEventLogs({ abi: permit2Abi, logs: receipt.logs }).map(({ eventName, args }) => [eventName, args]),
  ).toEqual([["UnorderedNonceInvalidation", { owner: payer.address, word: 1n, mask: 0b101n }]]);
  expect(await wordOf(1n)).toBe(0b101n);
  expect(await chain.attempt(await transferWith(256n))).toBe("InvalidNonce()");
  expect(await chain.attempt(await transferWith(257n))).toBe("accepted");
  expect(await chain.attempt(await transferWith(258n))).toBe("InvalidNonce()");
});

it("invalidateUnorderedNonces adds to what is spent, and frees nothing", async () => {
  await chain.send(await transferWith(0n));
  await invalidate(0n, 0b10n);
  await invalidate(0n, 0n);
  await invalidate(0n, 0b10n);
  expect(await wordOf(0n)).toBe(0b11n);
});

it("invalidateUnorderedNonces spends nobody else's", async () => {
  await invalidate(0n, maxUint256, payee);
  expect(await wordOf(0n)).toBe(0n);
  expect(await wordOf(0n, stranger)).toBe(0n);
  expect(await chain.attempt(await transferWith(0n))).toBe("accepted");
});
