import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "#sandbox";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

function run(example: string, ...args: string[]) {
  const { rpcUrl, network, accounts } = sandbox.description;
  const env = {
    ...process.env,
    RPC_URL: rpcUrl,
    NETWORK: network,
    PAYER_PRIVATE_KEY: accounts.payer.privateKey,
  };
  return promisify(execFile)(process.execPath, [join(import.meta.dirname, example), ...args], { env });
}

test("agent-loop learns what is missing, pays once, and sees the payment confirmed", async () => {
  const { chain, description } = sandbox;
  const { address } = description.accounts.payer;
  const before = await chain.ledger.balanceOf(address);
  const { stdout } = await run("agent-loop/main.ts", `${description.sellerUrl}/weather`);
  const lines = stdout.trim().split("\n");
  const calls = lines.filter((line) => line.startsWith("→")).map((line) => line.split(" ")[1]);
  expect(calls).toEqual(["x402_prepare", "x402_prepare", "x402_execute", "x402_result"]);
  expect(JSON.parse(lines.at(-2)?.slice(2) ?? "")).toMatchObject({ kind: "paid", standing: "confirmed" });
  expect(lines.at(-1)).toContain('"city":"Berlin"');
  expect(await chain.ledger.balanceOf(address)).toBe(before - 1_000n);
});
