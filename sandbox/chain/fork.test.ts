import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { keccak256, pad, toHex } from "viem";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { namedAccounts } from "./accounts.ts";
import { type AnvilProcess, startAnvil } from "./anvil.ts";
import { baseSepoliaUsdc, usdcAddress } from "./assets.ts";
import { type Chain, type ChainOptions, payerFunds, startChain } from "./chain.ts";
import { type ChainDeveloper, developerOf } from "./connection.ts";
import { usdcAbi } from "./token.ts";

const base = 8453;
const holder = "0x00000000000000000000000000000000000c0de1";

let remote: AnvilProcess;
let remoteChain: ChainDeveloper;
beforeAll(async () => {
  remote = await startAnvil({ chainId: base });
  remoteChain = developerOf(remote.rpcUrl);
});
afterAll(() => remote.stop());

test("a fork keeps its chain id and gets the mock at that chain's USDC address, balances kept", async () => {
  const asset = usdcAddress(base);
  expect(asset).not.toBe(baseSepoliaUsdc);
  // FiatTokenV2_2 keeps balances in slot 9, as contracts/token/FiatTokenStorage.sol says.
  await remoteChain.setCode({ address: asset, bytecode: "0x00" });
  const index = keccak256(`${pad(holder)}${toHex(9, { size: 32 }).slice(2)}`);
  await remoteChain.setStorageAt({ address: asset, index, value: toHex(77n, { size: 32 }) });

  const chain = await fork();
  expect(chain).toMatchObject({ chainId: base, network: "eip155:8453", asset });
  expect(await chain.ledger.balanceOf(holder)).toBe(77n);
  expect(await chain.ledger.balanceOf(chain.accounts.payer.address)).toBe(payerFunds);
  const name = await developerOf(chain.rpcUrl).readContract({
    address: asset,
    abi: usdcAbi,
    functionName: "name",
  });
  expect(name).toBe("USDC");
  expect(await remoteChain.getCode({ address: asset })).toBe("0x00");
});

test("the payer is given its money beside what somebody left it on the forked chain", async () => {
  const { address } = namedAccounts.payer;
  const asset = usdcAddress(base);
  const index = keccak256(`${pad(address)}${toHex(9, { size: 32 }).slice(2)}`);
  await remoteChain.setStorageAt({ address: asset, index, value: toHex(3n, { size: 32 }) });
  onTestFinished(() => remoteChain.setStorageAt({ address: asset, index, value: toHex(0n, { size: 32 }) }));

  const chain = await fork();
  expect(await chain.ledger.balanceOf(address)).toBe(payerFunds + 3n);
});

test("a chain without a USDC that is known gets Base Sepolia's address", async () => {
  const unknown = await startAnvil({ chainId: 777 });
  onTestFinished(unknown.stop);
  const chain = await fork({ forkUrl: unknown.rpcUrl });
  expect(chain).toMatchObject({ chainId: 777, network: "eip155:777", asset: baseSepoliaUsdc });
});

test("a fork begins at the block that is named", async () => {
  await remoteChain.mine({ blocks: 5 });
  const [early, late] = await Promise.all([fork({ forkBlockNumber: 2n }), fork()]);
  const [earlyStart, lateStart] = await Promise.all([early.ledger.now(), late.ledger.now()]);
  expect(lateStart - earlyStart).toBe((await remoteChain.getBlockNumber()) - 2n);
});

test("the named accounts sign for themselves, whatever the forked chain delegated them to", async () => {
  const { payer } = namedAccounts;
  await remoteChain.setCode({ address: payer.address, bytecode: "0x6000" });
  const chain = await fork();
  expect(await developerOf(chain.rpcUrl).getCode({ address: payer.address })).toBeUndefined();
});

test("a block that the chain does not have is named", async () => {
  await expect(fork({ forkBlockNumber: 99_999n })).rejects.toMatchObject({
    code: "fork-unreachable",
    message: expect.stringContaining("99999"),
  });
});

test("a closed port is no chain", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const forkUrl = urlOf(server);
  server.close();
  await expect(startChain({ forkUrl })).rejects.toMatchObject({
    code: "fork-unreachable",
    message: expect.stringContaining(`No chain answers at ${forkUrl}: connect ECONNREFUSED`),
  });
});

test.each([
  ["a web page", 200, "<html></html>", "what it answers is not a chain id"],
  [
    "a JSON-RPC error",
    200,
    '{"jsonrpc":"2.0","id":1,"error":{"code":-32601}}',
    "what it answers is not a chain id",
  ],
  ["a gateway's refusal", 403, "forbidden", "status 403"],
])("%s is no chain", async (_, status, body, complaint) => {
  const server = createServer((_request, response) => response.writeHead(status).end(body)).listen(
    0,
    "127.0.0.1",
  );
  await once(server, "listening");
  onTestFinished(() => void server.close());
  await expect(startChain({ forkUrl: urlOf(server) })).rejects.toMatchObject({
    code: "fork-unreachable",
    message: expect.stringContaining(complaint),
  });
});

test("a chain that never answers can be given up", async () => {
  const silent = createTcpServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  const controller = new AbortController();
  silent.once("connection", (socket) => {
    onTestFinished(() => void socket.destroy());
    controller.abort(new Error("enough"));
  });
  onTestFinished(() => void silent.close());
  await expect(startChain({ forkUrl: urlOf(silent), signal: controller.signal })).rejects.toThrow("enough");
});

async function fork(options: ChainOptions = {}): Promise<Chain> {
  const chain = await startChain({ forkUrl: remote.rpcUrl, ...options });
  onTestFinished(chain.stop);
  return chain;
}

function urlOf(server: Pick<Server, "address">): string {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}`;
}
