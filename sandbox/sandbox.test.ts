import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { pay } from "./client/index.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "./sandbox.ts";
import { childrenOf, isListening } from "./testing/remains.ts";

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

test("a fault that is on when the sandbox stops is not saved with the chain", async () => {
  const state = join(await folder(), "chain.json");
  const first = await startSandbox({ state });
  const order = await fetch(`${first.description.adminUrl}/faults`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "token-without-code" }),
  });
  expect(order.status).toBe(200);
  await first.stop();
  const second = await started({ state });
  await buy(second);
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

test("balances, and what the facilitator remembers, outlive a restart with the same state", async () => {
  const state = join(await folder(), "chain.json");
  const first = await startSandbox({ state });
  const { address } = first.description.accounts.payer;
  const payment = await buy(first);
  const balance = await first.chain.ledger.balanceOf(address);
  const settled = await settle(first, payment);
  await first.stop();

  const second = await started({ state });
  expect(await second.chain.ledger.balanceOf(address)).toBe(balance);
  expect(await settle(second, payment)).toEqual(settled);
  expect(settled).toMatchObject({ success: true });
  await buy(second);
  expect(await second.chain.ledger.balanceOf(address)).toBe(balance - price);
});

test("records do not outlive the chain that they tell of", async () => {
  const state = join(await folder(), "chain.json");
  const first = await startSandbox({ state });
  const payment = await buy(first);
  await first.stop();
  await rm(state);

  const second = await started({ state });
  // The payment was never made on this chain, and nothing keeps it from being made.
  const [before] = await Promise.all([sellerBalance(second)]);
  expect(before).toBe(0n);
  expect(await settle(second, payment)).toMatchObject({ success: true });
  expect(await sellerBalance(second)).toBe(price);
});

test("records are dropped when the run that wrote them did not save its chain", async () => {
  const state = join(await folder(), "chain.json");
  await (await startSandbox({ state })).stop();

  const before = await childrenOf(process.pid);
  const crashed = await startSandbox({ state });
  const payment = await buy(crashed);
  for (const child of await childrenOf(process.pid))
    if (!before.includes(child)) process.kill(child, "SIGKILL");
  await crashed.ended;
  await crashed.stop();

  const third = await started({ state });
  expect(await sellerBalance(third)).toBe(0n);
  expect(await settle(third, payment)).toMatchObject({ success: true });
  expect(await sellerBalance(third)).toBe(price);
});

test.each([
  ["in a folder that is not there", "missing/chain.json", "there is no folder"],
  ["that is a folder", ".", "it is a folder"],
])("a state file %s is refused before anything starts", async (_, name, complaint) => {
  const state = join(await folder(), name);
  await expect(startSandbox({ state })).rejects.toMatchObject({
    code: "config",
    message: expect.stringContaining(complaint),
  });
});

test("a state file that Anvil did not write is refused, and stays as it is", async () => {
  const state = join(await folder(), "chain.json");
  await writeFile(state, "{ this is mine");
  await expect(startSandbox({ state })).rejects.toMatchObject({
    code: "config",
    message: expect.stringContaining("is not a state that Anvil wrote"),
  });
  expect(await readFile(state, "utf8")).toBe("{ this is mine");
  expect(await readdir(dirname(state))).toEqual(["chain.json"]);
});

test("a state that another sandbox has is refused until that one ends", async () => {
  const state = join(await folder(), "chain.json");
  const first = await startSandbox({ state });
  const before = await childrenOf(process.pid);
  await expect(startSandbox({ state })).rejects.toMatchObject({
    code: "config",
    message: `${state} is the state of another sandbox, which still runs.`,
  });
  expect(await childrenOf(process.pid)).toEqual(before);
  await buy(first);
  await first.stop();
  expect(await readdir(dirname(state))).not.toContain("chain.json.lock");
  expect(await sellerBalance(await started({ state }))).toBe(price);
});

test("records that are no database are refused", async () => {
  const state = join(await folder(), "chain.json");
  await (await startSandbox({ state })).stop();
  await writeFile(
    `${state}.facilitator.sqlite`,
    "this is no database, and longer than a header of SQLite: ".repeat(9),
  );
  await expect(startSandbox({ state })).rejects.toMatchObject({
    code: "config",
    message: expect.stringContaining("chain.json.facilitator.sqlite"),
  });
});

/** Buys the weather, and gives the request that settles the payment. */
async function buy({ description }: Sandbox): Promise<unknown> {
  const signer = privateKeyToAccount(description.accounts.payer.privateKey);
  const outcome = await pay(`${description.sellerUrl}/weather?city=Berlin`, { signer });
  if (outcome.kind !== "paid") throw new Error(`The purchase ended as ${outcome.kind}.`);
  expect(outcome.response.status).toBe(200);
  const answer = await fetch(`${description.adminUrl}/journal?payer=${signer.address}`);
  return z
    .array(z.object({ request: z.unknown() }))
    .parse(await answer.json())
    .at(-1)?.request;
}

async function settle({ description }: Sandbox, request: unknown): Promise<unknown> {
  const response = await fetch(`${description.facilitatorUrl}/settle`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  return response.json();
}

function sellerBalance({ chain }: Sandbox): Promise<bigint> {
  return chain.ledger.balanceOf(chain.accounts.seller.address);
}

/** A sandbox that ends with the test. */
async function started(options: SandboxOptions): Promise<Sandbox> {
  const running = await startSandbox(options);
  onTestFinished(running.stop);
  return running;
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "sandbox-test-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

async function takenPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
