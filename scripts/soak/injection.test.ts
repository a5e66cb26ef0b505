import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { type Sandbox, startSandbox } from "#sandbox";
import { openAdmin } from "../../conformance/engine/index.ts";
import { inject } from "./injection.ts";
import { schedule } from "./schedule.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

const ignore = () => undefined;
const activeFaults = async () => {
  const answer = await fetch(`${sandbox.description.adminUrl}/faults`);
  return z.object({ active: z.array(z.unknown()) }).parse(await answer.json()).active;
};

test("the sandbox takes every order of a schedule, and nothing stays switched on", async () => {
  const { address } = sandbox.description.accounts.payer;
  const oneRound = schedule("injection test", 300_000, [address]);
  const atOnce = oneRound.map(({ order }) => ({ atMs: 0, order: { ...order, lastsMs: 1 } }));
  const injected = await inject(atOnce, openAdmin(sandbox.description.adminUrl), {
    signal: new AbortController().signal,
    onFault: ignore,
  });
  expect(injected.map(({ order }) => order)).toEqual(atOnce.map(({ order }) => order));
  expect(await activeFaults()).toEqual([]);
});

test("called off, it makes good what it did, and begins nothing more", async () => {
  const over = new AbortController();
  const long = { atMs: 0, order: { name: "verify-500", lastsMs: 600_000 } } as const;
  const injected = await inject([long, long], openAdmin(sandbox.description.adminUrl), {
    signal: over.signal,
    onFault: () => over.abort(),
  });
  expect(injected).toEqual([{ ...long, reached: 0 }]);
  expect(await activeFaults()).toEqual([]);
});
