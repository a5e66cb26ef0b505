import {
  type Address,
  decodeFunctionResult,
  encodeFunctionData,
  type Hex,
  hashTypedData,
  type LocalAccount,
  parseAbi,
  parseEventLogs,
} from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type Authorization, signTransfer, transferData } from "./test/authorization.ts";
import { accounts, startTestChain, type TestChain } from "./test/chain.ts";
import { deployToken, eventsOf, type TestToken } from "./test/token.ts";

const abi = parseAbi([
  "struct Finding { uint256 balance; bool nonceUsed; address signer; bool accepted; }",
  "function settle(address token, bytes[] transfers)",
  "function examine(address token, bytes32[] hashes, bytes[] transfers) returns (uint256 time, Finding[] findings)",
  "event Tried(address indexed payer, bytes32 indexed nonce, bool success)",
]);

/** JUMPDEST PUSH1 0 JUMP: whoever asks this account whether it signed pays with all the gas that was given. */
const endless = "0x5b600056";

const held = 10_000_000n;
const stranger = privateKeyToAccount(generatePrivateKey());

let chain: TestChain;
let token: TestToken;
let batch: Address;

beforeAll(async () => {
  chain = await startTestChain();
  token = await deployToken(chain);
  batch = await chain.deploy("TransferBatch");
});
afterAll(() => chain.stop());
beforeEach(() => chain.isolate());

async function signed(fields: Partial<Authorization> = {}, signer: LocalAccount = accounts.payer) {
  const authorization = await token.authorization({ from: accounts.payer.address, ...fields });
  const signature = await signTransfer(signer, token.domain, authorization);
  const { from, to, value, validAfter, validBefore, nonce } = authorization;
  const hash = hashTypedData({
    domain: token.domain,
    types: {
      TransferWithAuthorization: [
        { name: "from", type: "address" },
        { name: "to", type: "address" },
        { name: "value", type: "uint256" },
        { name: "validAfter", type: "uint256" },
        { name: "validBefore", type: "uint256" },
        { name: "nonce", type: "bytes32" },
      ],
    },
    primaryType: "TransferWithAuthorization",
    message: { from, to, value, validAfter, validBefore, nonce },
  });
  return {
    authorization,
    hash,
    call: transferData(authorization, signature, "transferWithAuthorization", "v, r, s"),
  };
}
type Signed = Awaited<ReturnType<typeof signed>>;

async function settle(transfers: readonly Signed[]) {
  const calls = transfers.map(({ call }) => call);
  const data = encodeFunctionData({ abi, functionName: "settle", args: [token.address, calls] });
  const hash = await chain.client.sendUnsignedTransaction({
    from: accounts.sender.address,
    to: batch,
    data,
    gas: 300_000n * BigInt(transfers.length + 1),
  });
  return chain.mined(hash);
}

async function examine(transfers: readonly Signed[], of: Address = token.address) {
  const hashes = transfers.map(({ hash }) => hash);
  const call = {
    abi,
    functionName: "examine",
    args: [of, hashes, transfers.map(({ call }) => call)],
  } as const;
  const { data = "0x" } = await chain.client.call({ to: batch, data: encodeFunctionData(call) });
  const [, findings] = decodeFunctionResult({ ...call, data });
  return findings;
}

function tried(logs: Parameters<typeof parseEventLogs>[0]["logs"]): readonly [Hex, boolean][] {
  return parseEventLogs({ abi, logs, eventName: "Tried" }).map(({ args }) => [args.nonce, args.success]);
}

it("makes all transfers and marks each after its logs", async () => {
  const transfers = [await signed(), await signed(), await signed()];
  const receipt = await settle(transfers);
  expect(tried(receipt.logs)).toEqual(transfers.map(({ authorization }) => [authorization.nonce, true]));
  expect(receipt.logs.map(({ address }) => address === batch.toLowerCase())).toEqual(
    transfers.flatMap(() => [false, false, true]),
  );
  expect(eventsOf(receipt).map(({ name }) => name)).toEqual(
    transfers.flatMap(() => ["AuthorizationUsed", "Transfer"]),
  );
  expect(await token.balanceOf(accounts.payer.address)).toBe(held - 3000n);
});

it("what one transfer reverts with, or burns, is no other's affair", async () => {
  await token.send("mint", [stranger.address, 1000n]);
  const burning = await signed({ from: stranger.address }, stranger);
  await chain.client.setCode({ address: stranger.address, bytecode: endless });
  const twice = await signed();
  const transfers = [burning, await signed({ value: held + 1n }), twice, twice, await signed()];
  const receipt = await settle(transfers);
  expect(receipt.status).toBe("success");
  expect(tried(receipt.logs).map(([, success]) => success)).toEqual([false, false, true, false, true]);
  expect(await token.balanceOf(accounts.payer.address)).toBe(held - 2000n);
});

it("finds what is true of each transfer by itself, and changes nothing", async () => {
  const all = await signed({ value: held });
  const used = await signed();
  await settle([used]);
  await token.send("mint", [accounts.payer.address, 1000n]);
  const forged = await signed({}, stranger);
  const findings = await examine([all, all, used, forged]);
  const { address: signer } = accounts.payer;
  const good = { balance: held, nonceUsed: false, signer, accepted: true };
  expect(findings).toEqual([
    good,
    good,
    { ...good, nonceUsed: true, accepted: false },
    { ...good, signer: stranger.address, accepted: false },
  ]);
  expect(await token.balanceOf(accounts.payer.address)).toBe(held);
});

it("accepts nothing of what is no token", async () => {
  const transfer = await signed();
  for (const code of ["0x", endless, "0x60206000f3"] as const) {
    await chain.client.setCode({ address: stranger.address, bytecode: code });
    expect(await examine([transfer], stranger.address)).toMatchObject([
      { accepted: code === "0x60206000f3" },
    ]);
  }
});
