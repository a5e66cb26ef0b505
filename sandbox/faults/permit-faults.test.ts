import { createWalletClient, http, type PrivateKeyAccount, parseAbi } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { minedReceipt } from "../chain/index.ts";
import { newPermitPayer, type PermitChanges, permitRequest } from "../facilitator/testing/permits.ts";
import { price, type Rig, startRig } from "../facilitator/testing/rig.ts";
import { permit2Address } from "../protocol/index.ts";
import { FaultBoard, type FaultName, faultedChain, type RpcFront, startRpcFront } from "./index.ts";

let rig: Rig;
let faults: FaultBoard;
let front: RpcFront;
let url: string;
beforeAll(async () => {
  rig = await startRig({ settlementTimeoutMs: 200 });
  const faulted = faultedChain(rig.chain);
  faults = new FaultBoard(faulted);
  front = await startRpcFront(faults, faulted);
  const rpcVia = () => (faults.isOnChain ? front.url : rig.chain.rpcUrl);
  url = (await rig.start({ rpcVia })).url;
});
afterAll(async () => {
  await front.stop();
  await rig.stop();
});
beforeEach(() => faults.clear());

const failed = { success: false, errorReason: "invalid_transaction_state" };

describe.each(["exact", "upto"] as const)("a permit of %s", (scheme) => {
  test("reverts on chain, and is unspent after it", async () => {
    const payer = await newPermitPayer(rig);
    const permit = { nonce: "1" };
    expect(await settleDuring("transaction-reverts", payer, { scheme, permit })).toMatchObject(failed);
    expect(await paid(payer)).toBe(0n);
    expect(await nonces(payer)).toBe(0n);
  });

  test("is marked in a word of nonces, and leaves the others of the word as they are", async () => {
    const payer = await newPermitPayer(rig);
    const first = await permitRequest(rig, payer, { scheme, permit: { nonce: "3" } });
    expect(await ask("settle", first)).toMatchObject({ success: true });
    await settleDuring("transaction-reverts", payer, { scheme, permit: { nonce: "5" } });
    expect(await nonces(payer)).toBe(1n << 3n);
  });

  test("is cancelled before its transaction, and stays so", async () => {
    const payer = await newPermitPayer(rig);
    const permit = { nonce: "2" };
    expect(await settleDuring("authorization-cancelled", payer, { scheme, permit })).toMatchObject(failed);
    expect(await paid(payer)).toBe(0n);
    expect(await nonces(payer)).toBe(1n << 2n);
  });

  test("cannot be tried", async () => {
    const payer = await newPermitPayer(rig);
    await faults.add({ name: "rpc-simulation-refused", payer: payer.address });
    const answer = await ask("verify", await permitRequest(rig, payer, { scheme }));
    expect(answer).toMatchObject({ isValid: false, invalidReason: "unexpected_verify_error" });
  });

  test("leaves another payer's permit beside it alone", async () => {
    const [victim, other] = [await newPermitPayer(rig), await newPermitPayer(rig)];
    const requests = [
      await permitRequest(rig, victim, { scheme }),
      await permitRequest(rig, other, { scheme }),
    ];
    await faults.add({ name: "transaction-reverts", payer: victim.address });
    const [bitten, spared] = await Promise.all(requests.map((request) => ask("settle", request)));
    expect(bitten).toMatchObject(failed);
    expect(spared).toMatchObject({ success: true });
  });
});

test("anybody can be faster with a permit of exact", async () => {
  const payer = await newPermitPayer(rig);
  expect(await settleDuring("authorization-front-run", payer, {})).toMatchObject(failed);
  expect(await paid(payer)).toBe(price);
});

test("nobody can be faster with a permit of upto: the fault is not reached", async () => {
  const payer = await newPermitPayer(rig);
  const answer = await settleDuring("authorization-front-run", payer, { scheme: "upto" });
  expect(answer).toMatchObject({ success: true });
  expect(faults.list()).toMatchObject([{ reached: 0 }]);
});

test.each(["transaction-reverts", "authorization-front-run", "authorization-cancelled"] as const)(
  "%s does not count a transaction that makes no transfer",
  async (name) => {
    await faults.add({ name });
    const account = privateKeyToAccount(rig.chain.accounts.seller.privateKey);
    const wallet = createWalletClient({ account, transport: http(front.url) });
    const hash = await wallet.sendTransaction({ to: account.address, value: 1n, chain: null });
    expect(await minedReceipt(rig.developer, hash)).toMatchObject({ status: "success" });
    expect(faults.list()).toMatchObject([{ reached: 0 }]);
  },
);

async function settleDuring(
  name: FaultName,
  payer: PrivateKeyAccount,
  changes: PermitChanges,
): Promise<unknown> {
  const request = await permitRequest(rig, payer, changes);
  await faults.add({ name, payer: payer.address });
  return ask("settle", request);
}

async function ask(endpoint: "verify" | "settle", request: unknown): Promise<unknown> {
  const response = await fetch(`${url}/${endpoint}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  return response.json();
}

/** What left the payer's account, in atomic units. */
async function paid({ address }: PrivateKeyAccount): Promise<bigint> {
  const transfers = await rig.chain.ledger.transfersFrom(address, { after: 0n });
  return transfers.reduce((sum, { value }) => sum + value, 0n);
}

/** The payer's first 256 nonces: those that are used have their bit set. */
function nonces({ address }: PrivateKeyAccount): Promise<bigint> {
  return rig.developer.readContract({
    address: permit2Address,
    abi: parseAbi(["function nonceBitmap(address owner, uint256 wordPosition) view returns (uint256)"]),
    functionName: "nonceBitmap",
    args: [address, 0n],
  });
}
