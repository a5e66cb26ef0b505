import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { type Sandbox, startSandbox } from "./sandbox.ts";
import { childrenOf } from "./testing/remains.ts";
import { buy, folder, started } from "./testing/sandboxes.ts";

const price = 1000n;

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
  expect(await sellerBalance(second)).toBe(0n);
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
