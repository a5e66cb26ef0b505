import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "#sandbox";
import { defineCase, served, status, type Trader } from "../../engine/seller/index.ts";
import { type Subject, startReference } from "../../subjects/index.ts";
import { judge } from "./run.ts";

let sandbox: Sandbox;
let subject: Subject;
beforeAll(async () => {
  sandbox = await startSandbox();
  subject = await startReference(sandbox.description);
});
afterAll(async () => {
  await subject.stop();
  await sandbox.stop();
});

/** A sale, and then something that no seller does. */
function saleThatFails(sell: (t: Trader) => Promise<unknown>) {
  return defineCase({
    id: "seller.test.asks-for-nothing",
    requirement: "S-CH-01",
    title: "Whoever bought once needs not pay again",
    control: (t) => t.buy().expect(served),
    probe: async (t) => {
      await sell(t);
      await t.ask().expect(status(200)).done();
    },
  });
}

test("what a seller does is held against it", async () => {
  expect(await verdictOf(saleThatFails((t) => t.buy().done()))).toMatchObject({ status: "fail" });
});

test("it is not while the sandbox's facilitator takes longer than a seller waits", async () => {
  const onABusyMachine = saleThatFails(async (t) => {
    const { id } = await order("POST", "", { name: "rpc-slow", payer: t.payer.address, delayMs: 1_600 });
    await t.buy().done();
    await order("DELETE", `/${id}`);
  });
  expect(await verdictOf(onABusyMachine)).toMatchObject({
    status: "inconclusive",
    message: expect.stringMatching(/facilitator took \d+\.\d s for a \/settle.*--workers/),
  });
});

test("a fault of the case's own is no excuse", async () => {
  const underFault = saleThatFails((t) => t.underFault("settle-slow", t.buy(), { delayMs: 3_100 }));
  expect(await verdictOf(underFault)).toMatchObject({ status: "fail" });
});

async function verdictOf(subjectCase: ReturnType<typeof saleThatFails>) {
  const { results } = await judge(subject, sandbox.description, "slowness", "x402@2", [subjectCase]);
  return results[0];
}

/** As somebody else would do it by hand, so that the case does not know. */
async function order(method: string, path: string, fault?: object) {
  const response = await fetch(`${sandbox.description.adminUrl}/faults${path}`, {
    method,
    headers: fault === undefined ? {} : { "content-type": "application/json" },
    ...(fault === undefined ? {} : { body: JSON.stringify(fault) }),
  });
  expect(response.ok).toBe(true);
  const text = await response.text();
  return text === "" ? {} : JSON.parse(text);
}
