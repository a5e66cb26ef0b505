import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { createServer } from "node:net";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { pay } from "./client/index.ts";
import { type Sandbox, startSandbox } from "./sandbox.ts";
import { childrenOf, isListening } from "./testing/remains.ts";
import { buy, folder, started } from "./testing/sandboxes.ts";

const price = 1000n;

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

test("a sandbox sells for money on its chain", async () => {
  const { payer, seller } = sandbox.description.accounts;
  const balances = () =>
    Promise.all([payer, seller].map(({ address }) => sandbox.chain.ledger.balanceOf(address)));
  const [paidBefore = 0n, receivedBefore = 0n] = await balances();
  await buy(sandbox);
  expect(await balances()).toEqual([paidBefore - price, receivedBefore + price]);
});

test.each([
  { path: "/almanac?city=Berlin", by: "Permit2" },
  { path: "/summary?words=120", by: "upto" },
])("the payer can buy $path, which is paid by $by, at once", async ({ path }) => {
  const { accounts, sellerUrl } = sandbox.description;
  const signer = privateKeyToAccount(accounts.payer.privateKey);
  expect(await pay(`${sellerUrl}${path}`, { signer })).toMatchObject({ kind: "paid" });
});

test.each([
  { host: undefined, told: "127.0.0.1", reached: ["127.0.0.1"] },
  { host: "127.0.0.2", told: "127.0.0.2", reached: ["127.0.0.2"] },
  { host: "0.0.0.0", told: "127.0.0.1", reached: ["127.0.0.1", "127.0.0.2", "127.0.0.3"] },
  { host: "::", told: "[::1]", reached: ["127.0.0.1", "127.0.0.2", "127.0.0.3", "::1"] },
])("with the host $host every server is reached at $reached", async ({ host, told, reached }) => {
  const { description } = await started({ host });
  const { rpcUrl, faultyRpcUrl, facilitatorUrl, sellerUrl, adminUrl } = description;
  for (const url of [rpcUrl, faultyRpcUrl, facilitatorUrl, sellerUrl, adminUrl]) {
    const port = Number(new URL(url).port);
    expect(url).toBe(`http://${told}:${port}`);
    const tried = ["127.0.0.1", "127.0.0.2", "127.0.0.3", "::1"];
    const answers = await Promise.all(tried.map((address) => isListening(port, address)));
    expect(
      tried.filter((_, index) => answers[index]),
      url,
    ).toEqual(reached);
  }
});

test("the seller speaks the versions that are asked for", async () => {
  const other = await startSandbox({ protocols: ["x402@2", "x402@1"] });
  onTestFinished(other.stop);
  const answer = await fetch(`${other.description.sellerUrl}/weather?city=Berlin`);
  expect(answer.headers.has("payment-required")).toBe(true);
  expect(await answer.json()).toMatchObject({ x402Version: 1, accepts: [{ network: "base-sepolia" }] });
});

test("stopping leaves no process, no port and no file, and may be repeated", async () => {
  const temporary = await folder();
  vi.stubEnv("TMPDIR", temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  const before = await childrenOf(process.pid);
  const other = await startSandbox();
  const { rpcUrl, faultyRpcUrl, facilitatorUrl, sellerUrl, adminUrl } = other.description;
  await Promise.all([other.stop(), other.stop()]);
  await other.stop();
  expect(await other.ended).toBeUndefined();
  expect(await childrenOf(process.pid)).toEqual(before);
  for (const url of [rpcUrl, faultyRpcUrl, facilitatorUrl, sellerUrl, adminUrl])
    expect(await isListening(Number(new URL(url).port)), url).toBe(false);
  expect(await readdir(temporary)).toEqual([]);
});

test.each([
  ["rpcPort", "--rpc-port"],
  ["facilitatorPort", "--facilitator-port"],
  ["sellerPort", "--seller-port"],
  ["adminPort", "--port"],
  ["faultyRpcPort", "--faulty-rpc-port"],
] as const)("%s that is in use is named, and nothing is left", async (option, flag) => {
  const port = await takenPort();
  const before = await childrenOf(process.pid);
  await expect(startSandbox({ [option]: port })).rejects.toMatchObject({
    code: "port-in-use",
    message: expect.stringContaining(`Port ${port} is in use`),
    next: expect.stringContaining(`${flag},`),
  });
  expect(await childrenOf(process.pid)).toEqual(before);
});

test("a start can be interrupted at any time", async () => {
  const before = await childrenOf(process.pid);
  for (const delayMs of [0, 30, 100, 250]) {
    const controller = new AbortController();
    const started = startSandbox({ signal: controller.signal });
    setTimeout(() => controller.abort(new Error("enough")), delayMs);
    await started.then(
      // A machine that is fast enough has it running by then.
      (running) => running.stop(),
      (error) => expect(error).toMatchObject({ message: "enough" }),
    );
    expect(await childrenOf(process.pid), `after ${delayMs} ms`).toEqual(before);
  }
});

test("the sandbox tells when Anvil dies", async () => {
  const before = await childrenOf(process.pid);
  const other = await startSandbox();
  const anvil = (await childrenOf(process.pid)).find((child) => !before.includes(child));
  if (anvil === undefined) throw new Error("no Anvil was started");
  process.kill(anvil, "SIGKILL");
  expect(await other.ended).toMatchObject({
    code: "chain-died",
    message: expect.stringContaining("(SIGKILL)"),
  });
  await other.stop();
  expect(await isListening(Number(new URL(other.description.sellerUrl).port))).toBe(false);
});

test.for([
  ["/nowhere/anvil", "there is no such file"],
  [import.meta.dirname, "that is a folder"],
  [import.meta.filename, "it cannot be run: spawn"],
  [process.execPath, "that is another program"],
] as const)("ANVIL_BINARY %s: %s", async ([path, complaint]) => {
  vi.stubEnv("ANVIL_BINARY", path);
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(startSandbox()).rejects.toMatchObject({
    code: "config",
    message: expect.stringContaining(`ANVIL_BINARY is ${path}, and ${complaint}`),
  });
});

async function takenPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
