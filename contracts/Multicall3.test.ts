import { type Address, decodeErrorResult, encodeFunctionData, type Hex, multicall3Abi, parseAbi } from "viem";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { accounts, startTestChain, type TestChain } from "./test/chain.ts";
import { fiatTokenAbi } from "./test/fiat-token-abi.ts";
import { deployToken, type TestToken } from "./test/token.ts";

/** Where Multicall3 lives on every chain; viem calls it there. */
const address = "0xcA11bde05977b3631167028862bE2a173976CA11";
const stranger = "0x00000000000000000000000000000000DeaDBeef";

const abi = parseAbi([
  "struct Call { address target; bytes callData; }",
  "struct Call3 { address target; bool allowFailure; bytes callData; }",
  "struct Call3Value { address target; bool allowFailure; uint256 value; bytes callData; }",
  "struct Result { bool success; bytes returnData; }",
  "function aggregate(Call[] calls) payable returns (uint256 blockNumber, bytes[] returnData)",
  "function tryAggregate(bool requireSuccess, Call[] calls) payable returns (Result[] returnData)",
  "function blockAndAggregate(Call[] calls) payable returns (uint256 blockNumber, bytes32 blockHash, Result[] returnData)",
  "function tryBlockAndAggregate(bool requireSuccess, Call[] calls) payable returns (uint256 blockNumber, bytes32 blockHash, Result[] returnData)",
  "function aggregate3(Call3[] calls) payable returns (Result[] returnData)",
  "function aggregate3Value(Call3Value[] calls) payable returns (Result[] returnData)",
  "function getBlockHash(uint256 blockNumber) view returns (bytes32 blockHash)",
  "function getLastBlockHash() view returns (bytes32 blockHash)",
  "function getBlockNumber() view returns (uint256 blockNumber)",
  "function getCurrentBlockCoinbase() view returns (address coinbase)",
  "function getCurrentBlockDifficulty() view returns (uint256 difficulty)",
  "function getCurrentBlockGasLimit() view returns (uint256 gaslimit)",
  "function getCurrentBlockTimestamp() view returns (uint256 timestamp)",
  "function getEthBalance(address addr) view returns (uint256 balance)",
  "function getBasefee() view returns (uint256 basefee)",
  "function getChainId() view returns (uint256 chainid)",
]);

const contract = { address, abi } as const;

let chain: TestChain;
let token: TestToken;
let good: { target: Address; callData: Hex };
let bad: { target: Address; callData: Hex };
const six = `0x${"6".padStart(64, "0")}`;

/** Placed as the sandbox places it: the runtime code alone, at the canonical address. */
beforeAll(async () => {
  chain = await startTestChain();
  token = await deployToken(chain);
  const code = await chain.client.getCode({ address: await chain.deploy("Multicall3") });
  await chain.client.setCode({ address, bytecode: code ?? "0x" });
  good = { target: token.address, callData: token.data("decimals", []) };
  bad = { target: token.address, callData: token.data("transfer", [stranger, 1n]) };
});
afterAll(() => chain.stop());
beforeEach(() => chain.isolate());

it("answers viem's multicall with results and with what failed", async () => {
  const usdc = { address: token.address, abi: fiatTokenAbi } as const;
  const results = await chain.client.multicall({
    multicallAddress: address,
    contracts: [
      { ...usdc, functionName: "balanceOf", args: [accounts.payer.address] },
      { ...usdc, functionName: "transfer", args: [stranger, 1n] },
      { ...usdc, functionName: "version" },
    ],
  });
  expect(results.map(({ status, result }) => ({ status, result }))).toEqual([
    { status: "success", result: 10_000_000n },
    { status: "failure", result: undefined },
    { status: "success", result: "2" },
  ]);
  expect(String(results[1].error)).toContain("ERC20: transfer amount exceeds balance");
});

it("knows every function of viem's multicall3Abi", async () => {
  const { abi: compiled } = await chain.hre.artifacts.readArtifact("Multicall3");
  const known = new Map(compiled.map((item) => [item.name, JSON.stringify(types(item.inputs))]));
  for (const { name, inputs } of multicall3Abi)
    expect([name, known.get(name)]).toEqual([name, JSON.stringify(types(inputs))]);
});

describe("aggregate3", () => {
  it("reports a failure where it is allowed, with what the call said", async () => {
    const { result } = await chain.client.simulateContract({
      ...contract,
      functionName: "aggregate3",
      args: [
        [
          { ...good, allowFailure: false },
          { ...bad, allowFailure: true },
        ],
      ],
    });
    expect(result[0]).toEqual({ success: true, returnData: six });
    expect(result[1]?.success).toBe(false);
    expect(decodeErrorResult({ data: result[1]?.returnData ?? "0x" }).args).toEqual([
      "ERC20: transfer amount exceeds balance",
    ]);
  });

  it("refuses all where one fails that may not", async () => {
    const data = encodeFunctionData({
      abi,
      functionName: "aggregate3",
      args: [
        [
          { ...good, allowFailure: true },
          { ...bad, allowFailure: false },
        ],
      ],
    });
    expect(await chain.attempt({ to: address, data })).toBe("Multicall3: call failed");
  });

  it("really calls: what it does stays done", async () => {
    const callData = token.data("mint", [stranger, 3n]);
    const calls = [{ target: token.address, allowFailure: false, callData }];
    await chain.send({
      to: address,
      data: encodeFunctionData({ abi, functionName: "aggregate3", args: [calls] }),
    });
    expect(await token.balanceOf(stranger)).toBe(3n);
  });
});

describe("aggregate3Value", () => {
  const calls = [
    { target: stranger, allowFailure: false, value: 2n, callData: "0x" },
    { target: accounts.payee.address, allowFailure: false, value: 3n, callData: "0x" },
  ] as const;
  const data = encodeFunctionData({ abi, functionName: "aggregate3Value", args: [calls] });

  it("gives each call its value", async () => {
    await chain.send({ to: address, data, value: 5n });
    expect(await chain.client.getBalance({ address: stranger })).toBe(2n);
  });

  it("refuses when the values do not add up to the value sent", async () => {
    await chain.client.setBalance({ address, value: 100n });
    expect(await chain.attempt({ to: address, data, value: 4n })).toBe("Multicall3: value mismatch");
    expect(await chain.attempt({ to: address, data, value: 5n })).toBe("accepted");
    expect(await chain.attempt({ to: address, data, value: 6n })).toBe("Multicall3: value mismatch");
  });

  it("refuses all where one fails that may not, else reports it", async () => {
    const call = (allowFailure: boolean) =>
      encodeFunctionData({
        abi,
        functionName: "aggregate3Value",
        args: [[{ ...bad, allowFailure, value: 0n }]],
      });
    expect(await chain.attempt({ to: address, data: call(false) })).toBe("Multicall3: call failed");
    expect(await chain.attempt({ to: address, data: call(true) })).toBe("accepted");
  });
});

describe("the older functions", () => {
  it("aggregate: the block and all the answers", async () => {
    const { result } = await chain.client.simulateContract({
      ...contract,
      functionName: "aggregate",
      args: [[good, good]],
    });
    expect(result).toEqual([await chain.client.getBlockNumber(), [six, six]]);
  });

  it("tryAggregate: success is required, or reported", async () => {
    const { result } = await chain.client.simulateContract({
      ...contract,
      functionName: "tryAggregate",
      args: [false, [bad, good]],
    });
    expect(result.map(({ success }) => success)).toEqual([false, true]);
  });

  it("blockAndAggregate and tryBlockAndAggregate: the block, no hash yet, the results", async () => {
    const results = [{ success: true, returnData: six }];
    const block = await chain.client.getBlockNumber();
    const noHash = `0x${"0".repeat(64)}`;
    expect(
      (
        await chain.client.simulateContract({
          ...contract,
          functionName: "blockAndAggregate",
          args: [[good]],
        })
      ).result,
    ).toEqual([block, noHash, results]);
    expect(
      (
        await chain.client.simulateContract({
          ...contract,
          functionName: "tryBlockAndAggregate",
          args: [false, [good]],
        })
      ).result,
    ).toEqual([block, noHash, results]);
  });

  it.each([
    {
      name: "aggregate",
      data: () => encodeFunctionData({ abi, functionName: "aggregate", args: [[good, bad]] }),
    },
    {
      name: "tryAggregate",
      data: () => encodeFunctionData({ abi, functionName: "tryAggregate", args: [true, [good, bad]] }),
    },
    {
      name: "blockAndAggregate",
      data: () => encodeFunctionData({ abi, functionName: "blockAndAggregate", args: [[good, bad]] }),
    },
    {
      name: "tryBlockAndAggregate",
      data: () =>
        encodeFunctionData({ abi, functionName: "tryBlockAndAggregate", args: [true, [good, bad]] }),
    },
  ])("$name refuses all where one fails", async ({ data }) => {
    expect(await chain.attempt({ to: address, data: data() })).toBe("Multicall3: call failed");
  });
});

it("tells about the block, the chain and a balance", async () => {
  const block = await chain.client.getBlock();
  const read = chain.client.readContract;
  expect(await read({ ...contract, functionName: "getBlockNumber" })).toBe(block.number);
  expect(await read({ ...contract, functionName: "getBlockHash", args: [block.number - 1n] })).toBe(
    block.parentHash,
  );
  expect(await read({ ...contract, functionName: "getLastBlockHash" })).toBe(block.parentHash);
  expect(await read({ ...contract, functionName: "getCurrentBlockTimestamp" })).toBe(block.timestamp);
  expect(await read({ ...contract, functionName: "getCurrentBlockGasLimit" })).toBe(block.gasLimit);
  expect(await read({ ...contract, functionName: "getCurrentBlockCoinbase" })).toBe(block.miner);
  expect(await read({ ...contract, functionName: "getCurrentBlockDifficulty" })).toBe(BigInt(block.mixHash));
  const { data: baseFee } = await chain.client.call({
    to: address,
    data: encodeFunctionData({ abi, functionName: "getBasefee" }),
    blockOverrides: { baseFeePerGas: 7n },
  });
  expect(BigInt(baseFee ?? "0x")).toBe(7n);
  expect(await read({ ...contract, functionName: "getChainId" })).toBe(84532n);
  await chain.client.setBalance({ address: stranger, value: 9n });
  expect(await read({ ...contract, functionName: "getEthBalance", args: [stranger] })).toBe(9n);
});

function types(inputs: readonly { type: string; components?: readonly { type: string }[] }[]): unknown {
  return inputs.map(({ type, components }) => (components ? [type, types(components)] : type));
}
