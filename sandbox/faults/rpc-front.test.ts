import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { namedAccounts, readerOf } from "../chain/index.ts";
import { createFacilitator } from "../facilitator/index.ts";
import { type FaultRig, startFaultRig } from "./testing/fault-rig.ts";

let rig: FaultRig;
beforeAll(async () => {
  rig = await startFaultRig();
});
afterAll(() => rig.stop());
beforeEach(() => rig.faults.clear());

const { payer, seller } = namedAccounts;

const chainId = { jsonrpc: "2.0", id: "a", method: "eth_chainId" };
const balanceOf = (address: string, id: number) => ({
  jsonrpc: "2.0",
  id,
  method: "eth_getBalance",
  params: [address, "latest"],
});
const limited = { error: { code: -32005, message: "limit exceeded" } };

async function ask(url: string, body: string) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  return { status: response.status, text: await response.text() };
}

/** What the front and the node itself say to the same. */
async function bothSay(body: string) {
  return { front: await ask(rig.front.url, body), node: await ask(rig.chain.rpcUrl, body) };
}

test.each([
  ["a call", JSON.stringify(chainId)],
  ["a batch", JSON.stringify([chainId, balanceOf(payer.address, 7)])],
  ["an empty batch", "[]"],
  ["an unknown method", JSON.stringify({ ...chainId, method: "eth_nothing" })],
  ["no call", '{"id":1}'],
  ["no JSON", "{"],
])("%s is answered as the node answers it, with and without a fault on the chain", async (_what, body) => {
  const without = await bothSay(body);
  expect(without.front).toEqual(without.node);
  await rig.faults.add({ name: "rpc-rate-limited", payer: seller.address });
  const beside = await bothSay(body);
  expect(beside.front).toEqual(beside.node);
});

test("in a batch, a fault of one account bites the calls about it and no others", async () => {
  const { id } = await rig.faults.add({ name: "rpc-rate-limited", payer: payer.address });
  const batch = [chainId, balanceOf(payer.address, 1), balanceOf(seller.address, 2)];
  const answers: unknown[] = JSON.parse((await ask(rig.front.url, JSON.stringify(batch))).text);
  expect(answers).toHaveLength(3);
  expect(answers).toEqual(
    expect.arrayContaining([
      { jsonrpc: "2.0", id: "a", result: "0x14a34" },
      { jsonrpc: "2.0", id: 1, ...limited },
      { jsonrpc: "2.0", id: 2, result: expect.stringMatching(/^0x/) },
    ]),
  );
  expect(rig.faults.list()).toMatchObject([{ id, reached: 1 }]);
});

test("a single call that is bitten is answered as a single call", async () => {
  await rig.faults.add({ name: "rpc-rate-limited" });
  const { text } = await ask(rig.front.url, JSON.stringify(chainId));
  expect(JSON.parse(text)).toEqual({ jsonrpc: "2.0", id: "a", ...limited });
});

test("a fault ends with its times", async () => {
  await rig.faults.add({ name: "rpc-429", times: 2 });
  const statuses: number[] = [];
  for (let call = 0; call < 3; call += 1)
    statuses.push((await ask(rig.front.url, JSON.stringify(chainId))).status);
  expect(statuses).toEqual([429, 429, 200]);
});

test("rpc-down closes the connection", async () => {
  await rig.faults.add({ name: "rpc-down" });
  await expect(ask(rig.front.url, JSON.stringify(chainId))).rejects.toThrow("fetch failed");
});

test("a facilitator that has its address for its node feels the faults, and works without them", async () => {
  const { privateKey } = rig.chain.accounts.facilitator;
  const other = await createFacilitator({ rpcUrl: rig.front.url, privateKey });
  try {
    const { request, payer } = await rig.payment();
    await rig.faults.add({ name: "transaction-reverts", payer, times: 1 });
    const receipt = await other.settle(request);
    expect(receipt).toMatchObject({ success: false, errorReason: "invalid_transaction_state" });
    expect(await other.settle((await rig.payment()).request)).toMatchObject({ success: true });
  } finally {
    other.close();
  }
});

test("the sandbox itself and whoever has the node's own URL feel nothing of it", async () => {
  await rig.faults.add({ name: "rpc-down" });
  expect(await readerOf(rig.chain.rpcUrl).getChainId()).toBe(84_532);
});
