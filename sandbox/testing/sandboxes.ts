import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { privateKeyToAccount } from "viem/accounts";
import { expect, onTestFinished } from "vitest";
import { z } from "zod";
import { pay } from "../client/index.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../sandbox.ts";

/** A sandbox that ends with the test. */
export async function started(options: SandboxOptions): Promise<Sandbox> {
  const running = await startSandbox(options);
  onTestFinished(running.stop);
  return running;
}

/** Buys the weather, and gives the request that settles the payment. */
export async function buy({ description }: Sandbox): Promise<unknown> {
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

/** A folder that goes with the test. */
export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "sandbox-test-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}
