import { setImmediate } from "node:timers/promises";
import type { Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openAccount } from "./account.ts";
import { connectToChain } from "./chain-connection.ts";
import type { RunningFacilitator } from "./index.ts";
import { oneByOne } from "./parcel.ts";
import { type InterferingNode, startInterferingNode } from "./testing/interfering-node.ts";
import { price, type Rig, settle, startRig, verify, witness } from "./testing/rig.ts";

let rig: Rig;
let node: InterferingNode;
let facilitator: RunningFacilitator;

beforeAll(async () => {
  rig = await startRig();
  node = await startInterferingNode(rig.chain.rpcUrl);
  facilitator = await rig.start({ rpcUrl: node.url, settlementTimeoutMs: 100, batching: false });
});
afterAll(async () => {
  await rig.stop();
  node.stop();
});

async function newRequests(count: number): Promise<unknown[]> {
  const payers = await Promise.all(Array.from({ length: count }, () => rig.newPayer()));
  return Promise.all(payers.map((payer) => rig.request(payer)));
}

async function received(): Promise<bigint> {
  return (await witness(rig, rig.chain.accounts.payer.address)).received;
}

it("a transaction that the node refuses holds up none behind it, and its payment can be settled later", async () => {
  const requests = await newRequests(8);
  const before = await received();
  node.interfere("pass", "refuse", "pass", "refuse");
  const receipts = await Promise.all(requests.map((request) => settle(facilitator.url, request)));
  const refused = requests.filter((_request, place) => !receipts[place]?.success);
  expect(refused).toHaveLength(2);
  expect(receipts.filter(({ success }) => !success)).toMatchObject([
    { errorReason: "unexpected_settle_error", transaction: "" },
    { errorReason: "unexpected_settle_error", transaction: "" },
  ]);
  for (const request of refused) {
    expect(await verify(facilitator.url, request)).toMatchObject({ isValid: true });
    expect(await settle(facilitator.url, request)).toMatchObject({ success: true });
  }
  expect(await received()).toBe(before + 8n * price);
});

it("a transaction whose acknowledgement was lost is not sent a second time", async () => {
  const [request] = await newRequests(1);
  const { address } = rig.chain.accounts.facilitator;
  const before = await rig.chain.ledger.transactionCount(address);
  node.interfere("lose the answer");
  expect(await settle(facilitator.url, request)).toMatchObject({ success: true });
  expect(await rig.chain.ledger.transactionCount(address)).toBe(before + 1);
});

it("a transaction that was swallowed is pending, and settled by the next call", async () => {
  const [request, next] = await newRequests(2);
  const before = await received();
  node.interfere("swallow");
  const pending = await settle(facilitator.url, request);
  expect(pending).toMatchObject({ success: false, errorReason: "settlement_pending" });
  expect(await settle(facilitator.url, request)).toMatchObject({
    success: true,
    transaction: pending.transaction,
  });
  expect(await settle(facilitator.url, next)).toMatchObject({ success: true });
  expect(await received()).toBe(before + 2n * price);
});

it("a transaction that was swallowed is sent again before its caller gives up, also when no other follows", async () => {
  // Longer than a test may take.
  const patient = await rig.start({ rpcUrl: node.url, settlementTimeoutMs: 600_000, batching: false });
  const [request] = await newRequests(1);
  node.interfere("swallow");
  expect(await settle(patient.url, request)).toMatchObject({ success: true });
});

it("a transaction whose place another one took is not waited for", async () => {
  const { ledger, accounts } = rig.chain;
  const { address } = accounts.facilitator;
  // Longer than a test may take.
  const patient = await rig.start({ rpcUrl: node.url, settlementTimeoutMs: 600_000, batching: false });
  const [first, second] = await newRequests(2);
  expect(await settle(patient.url, first)).toMatchObject({ success: true });
  await rig.developer.impersonateAccount({ address });
  await rig.developer.sendUnsignedTransaction({ from: address, to: address, gas: 21_000n });
  await rig.developer.stopImpersonatingAccount({ address });
  node.interfere("swallow");
  expect(await settle(patient.url, second)).toMatchObject({ errorReason: "settlement_pending" });
  const before = await ledger.transactionCount(address);
  expect(await settle(patient.url, second)).toMatchObject({ success: true });
  expect(await ledger.transactionCount(address)).toBe(before + 1);
});

it("what is to be sent while a transaction waits to be mined goes together", async () => {
  const { chain, developer } = rig;
  const { address, privateKey } = chain.accounts.payer;
  const { client, close } = connectToChain(() => chain.rpcUrl);
  const packed: number[] = [];
  const account = openAccount(privateKeyToAccount(privateKey), client, {
    chainId: chain.chainId,
    pack: (jobs) => {
      packed.push(jobs.length);
      return oneByOne(jobs);
    },
    patienceMs: 600_000,
    settlementTimeoutMs: 600_000,
  });
  const send = () => account.send({ to: address, data: "0x" }, () => undefined);

  await developer.setAutomine(false);
  const first = await send();
  const second = send();
  await setImmediate();
  const third = send();
  await developer.mine({ blocks: 1 });
  await developer.setAutomine(true);
  expect([first, await second, await third]).toMatchObject([{ sent: true }, { sent: true }, { sent: true }]);
  expect(packed).toEqual([1, 2]);
  close();
});

it("a transaction that was swallowed keeps its place before the next", async () => {
  const { chainId, accounts } = rig.chain;
  const { address, privateKey } = accounts.payer;
  const { client, close } = connectToChain(() => node.url);
  const account = openAccount(privateKeyToAccount(privateKey), client, {
    chainId,
    pack: oneByOne,
    patienceMs: 1,
    settlementTimeoutMs: 600_000,
  });
  const send = (data: Hex) => account.send({ to: address, data }, () => undefined);
  node.interfere("swallow");
  const sendings = [await send("0x01"), await send("0x02")];
  const receipts = sendings.map((sending) => sending.sent && account.receipt(sending.transaction.hash));
  expect(await Promise.all(receipts)).toMatchObject([{ status: "success" }, { status: "success" }]);
  close();
});

it("an account that is used by somebody else too is read again", async () => {
  const [first, second, third] = await newRequests(3);
  expect(await settle(facilitator.url, first)).toMatchObject({ success: true });
  const other = await rig.start();
  expect(await settle(other.url, second)).toMatchObject({ success: true });
  expect(await settle(facilitator.url, third)).toMatchObject({ success: true });
});
