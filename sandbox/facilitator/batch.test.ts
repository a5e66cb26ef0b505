import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Hex } from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { transferBatchAddress as address, minedReceipt, runtimeCode } from "../chain/index.ts";
import { createFacilitator, type FacilitatorSteps, facilitatorSteps } from "./index.ts";
import type { Payment } from "./payment.ts";
import { startInterferingNode } from "./testing/interfering-node.ts";
import { price, type Rig, settle, startRig } from "./testing/rig.ts";
import { transferCall } from "./transfer.ts";

const count = 6;

let rig: Rig;
let payers: readonly PrivateKeyAccount[];

beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());
beforeEach(async () => {
  payers = await Promise.all(Array.from({ length: count }, () => rig.newPayer()));
});

/** The reference, but it sends nothing until `count` payments can be sent together, and `happening` is over. */
function assembling(happening: (payments: readonly Payment[]) => Promise<unknown> = async () => undefined) {
  const payments: Payment[] = [];
  const assembled = Promise.withResolvers<unknown>();
  const broadcast: FacilitatorSteps["broadcast"] = async (payment, desk) => {
    if (payments.push(payment) === count) happening(payments).then(assembled.resolve, assembled.reject);
    await assembled.promise;
    return facilitatorSteps.broadcast(payment, desk);
  };
  return { ...facilitatorSteps, broadcast };
}

async function settleAll(options: Parameters<Rig["start"]>[0]) {
  const facilitator = await rig.start(options);
  const requests = await Promise.all(payers.map((payer) => rig.request(payer)));
  const receipts = await Promise.all(requests.map((request) => settle(facilitator.url, request)));
  return { facilitator, requests, receipts };
}

function balances(): Promise<readonly bigint[]> {
  return Promise.all(payers.map(({ address }) => rig.chain.ledger.balanceOf(address)));
}

async function sendFromElsewhere({ to, data }: { to: Hex; data: Hex }): Promise<void> {
  const hash = await rig.developer.sendTransaction({ to, data, chain: null });
  await minedReceipt(rig.developer, hash);
}

it("what the node refuses of one payment is nothing to one in another token", async () => {
  const [refused, other] = await Promise.all([rig.newPayer(), rig.newPayer()]);
  const nowhere = "0x000000000000000000000000000000000000dEaD";
  const elsewhere = { requirements: { asset: nowhere }, domain: { verifyingContract: nowhere } } as const;
  const node = await startInterferingNode(rig.chain.rpcUrl);
  const { privateKey } = rig.chain.accounts.facilitator;
  const facilitator = await createFacilitator({ rpcUrl: node.url, privateKey });
  const requests = [await rig.request(refused), await rig.request(other, elsewhere)];
  node.refuseCallsAbout(refused.address);
  // In one turn, so that the chain is asked for both together.
  expect(await Promise.all(requests.map((request) => facilitator.verify(request)))).toMatchObject([
    { isValid: false, invalidReason: "unexpected_verify_error" },
    { isValid: false, invalidReason: "invalid_payment_requirements" },
  ]);
  facilitator.close();
  node.stop();
});

it("payments that come together share a transaction, and each is answered with it", async () => {
  const { receipts, facilitator, requests } = await settleAll({ steps: assembling() });
  expect(receipts.every(({ success }) => success)).toBe(true);
  expect(new Set(receipts.map(({ transaction }) => transaction)).size).toBe(1);
  expect(await balances()).toEqual(payers.map(() => 9n * price));
  expect(await settle(facilitator.url, requests[0])).toEqual(receipts[0]);
});

it("one whose authorization was spent in between fails, and touches no other", async () => {
  const spoil = ([first]: readonly Payment[]) =>
    first === undefined ? Promise.resolve() : sendFromElsewhere(transferCall(first));
  const { receipts } = await settleAll({ steps: assembling(spoil) });
  const failed = receipts.filter(({ success }) => !success);
  expect(failed).toMatchObject([
    { errorReason: "invalid_transaction_state", errorMessage: expect.stringContaining("reverted on chain") },
  ]);
  expect(new Set(receipts.map(({ transaction }) => transaction)).size).toBe(1);
  expect(await balances()).toEqual(payers.map(() => 9n * price));
});

it("a token that moves nothing is not believed, although its transfers and their transaction succeed", async () => {
  const { developer, chain } = rig;
  const code = await developer.getCode({ address: chain.asset });
  const bytecode = await runtimeCode("FailingSilentlyUSDC");
  try {
    const steps = assembling(() => developer.setCode({ address: chain.asset, bytecode }));
    const { receipts } = await settleAll({ steps });
    for (const receipt of receipts) {
      expect(receipt).toMatchObject({
        success: false,
        errorMessage: expect.stringContaining("without a Transfer"),
      });
    }
    expect(new Set(receipts.map(({ transaction }) => transaction)).size).toBe(1);
  } finally {
    await developer.setCode({ address: chain.asset, bytecode: code ?? "0x" });
  }
});

it("what the node refuses together is sent one by one", async () => {
  const node = await startInterferingNode(rig.chain.rpcUrl);
  try {
    node.interfere("refuse");
    const { receipts } = await settleAll({ rpcUrl: node.url, steps: assembling() });
    expect(receipts.every(({ success }) => success)).toBe(true);
    expect(new Set(receipts.map(({ transaction }) => transaction)).size).toBe(count);
    expect(await balances()).toEqual(payers.map(() => 9n * price));
  } finally {
    node.stop();
  }
});

it("a lost transaction is sent again for the first that asks, and is the answer to all", async () => {
  const folder = await mkdtemp(join(tmpdir(), "facilitator-"));
  const databaseFile = join(folder, "records.sqlite");
  const node = await startInterferingNode(rig.chain.rpcUrl);
  try {
    node.interfere("swallow");
    const steps = assembling();
    const lost = await settleAll({ rpcUrl: node.url, steps, databaseFile, settlementTimeoutMs: 50 });
    for (const receipt of lost.receipts) expect(receipt).toMatchObject({ errorReason: "settlement_pending" });
    await lost.facilitator.stop();
    const { url } = await rig.start({ databaseFile });
    const receipts = await Promise.all(lost.requests.map((request) => settle(url, request)));
    expect(receipts.every(({ success }) => success)).toBe(true);
    expect(new Set(receipts.map(({ transaction }) => transaction)).size).toBe(1);
    expect(receipts[0]?.transaction).toBe(lost.receipts[0]?.transaction);
    expect(await balances()).toEqual(payers.map(() => 9n * price));
  } finally {
    node.stop();
    await rm(folder, { recursive: true });
  }
});

it("a chain without the contract is settled on one by one", async () => {
  const { developer } = rig;
  const code = await developer.getCode({ address });
  await developer.setCode({ address, bytecode: "0x" });
  try {
    const { receipts } = await settleAll({ steps: assembling() });
    expect(receipts.every(({ success }) => success)).toBe(true);
    expect(new Set(receipts.map(({ transaction }) => transaction)).size).toBe(count);
  } finally {
    await developer.setCode({ address, bytecode: code ?? "0x" });
  }
});
