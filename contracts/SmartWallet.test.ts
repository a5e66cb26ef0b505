import { type Address, encodeFunctionData, keccak256, parseAbi, toHex } from "viem";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { highS, withV } from "./test/authorization.ts";
import { accounts, startTestChain, type TestChain } from "./test/chain.ts";
import { deployToken } from "./test/token.ts";

const { payer: owner, stranger } = accounts;
const zero = `0x${"00".repeat(20)}` as const;
const abi = parseAbi([
  "function owner() view returns (address)",
  "function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)",
  "function execute(address target, uint256 value, bytes data) payable returns (bytes)",
]);

let chain: TestChain;
let wallet: Address;

beforeAll(async () => {
  chain = await startTestChain();
  wallet = await chain.deploy("SmartWallet", [owner.address]);
});
afterAll(() => chain.stop());
beforeEach(() => chain.isolate());

it("belongs to the owner that it was deployed for, never to nobody", async () => {
  expect(await chain.client.readContract({ address: wallet, abi, functionName: "owner" })).toBe(
    owner.address,
  );
  await expect(chain.deploy("SmartWallet", [zero])).rejects.toThrow("SmartWallet: owner is the zero address");
});

it("isValidSignature: the owner's signature of that hash and nothing else", async () => {
  const hash = keccak256(toHex("anything"));
  const signature = await owner.sign({ hash });
  expect(await validity(hash, signature)).toBe("0x1626ba7e");
  expect(await validity(keccak256(toHex("something else")), signature)).toBe("0xffffffff");
  expect(await validity(hash, await stranger.sign({ hash }))).toBe("0xffffffff");
  expect(await validity(hash, highS(signature))).toBe("0xffffffff");
  expect(await validity(hash, withV(signature, 0))).toBe("0xffffffff");
  expect(await validity(hash, "0x")).toBe("0xffffffff");
});

it("execute: calls as the wallet and returns what the call returned", async () => {
  const token = await deployToken(chain);
  await token.send("mint", [wallet, 1000n]);
  const data = token.data("transfer", [accounts.payee.address, 400n]);
  const { result } = await chain.client.simulateContract({
    address: wallet,
    abi,
    functionName: "execute",
    args: [token.address, 0n, data],
    account: owner.address,
  });
  expect(BigInt(result)).toBe(1n);
  await chain.send(execute(token.address, 0n, data));
  expect(await token.balanceOf(accounts.payee.address)).toBe(400n);
  expect(await token.balanceOf(wallet)).toBe(600n);
});

it("execute: only for the owner", async () => {
  const call = execute(stranger.address, 0n, "0x");
  expect(await chain.attempt(call)).toBe("accepted");
  expect(await chain.attempt({ ...call, from: stranger.address })).toBe(
    "SmartWallet: caller is not the owner",
  );
  expect(await chain.attempt({ ...call, from: wallet })).toBe("SmartWallet: caller is not the owner");
});

it("execute: a revert comes through as it is", async () => {
  const token = await deployToken(chain);
  const tooMuch = token.data("transfer", [accounts.payee.address, 1n]);
  expect(await chain.attempt(execute(token.address, 0n, tooMuch))).toBe(
    "ERC20: transfer amount exceeds balance",
  );
});

it("receives ether and sends it on", async () => {
  await chain.send({ to: wallet, data: "0x", value: 5n });
  expect(await chain.client.getBalance({ address: wallet })).toBe(5n);
  await chain.send(execute(stranger.address, 2n, "0x"));
  await chain.send({ ...execute(stranger.address, 10n, "0x"), value: 10n });
  expect(await chain.client.getBalance({ address: stranger.address })).toBe(12n);
  expect(await chain.client.getBalance({ address: wallet })).toBe(3n);
});

function validity(hash: `0x${string}`, signature: `0x${string}`) {
  return chain.client.readContract({
    address: wallet,
    abi,
    functionName: "isValidSignature",
    args: [hash, signature],
  });
}

function execute(target: Address, value: bigint, data: `0x${string}`) {
  return {
    to: wallet,
    data: encodeFunctionData({ abi, functionName: "execute", args: [target, value, data] }),
    from: owner.address,
  };
}
