import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { facilitatorFaults } from "./facilitator-faults.ts";
import { type FaultRig, startFaultRig } from "./testing/fault-rig.ts";

let rig: FaultRig;
beforeAll(async () => {
  rig = await startFaultRig();
});
afterAll(() => rig.stop());
beforeEach(() => rig.faults.clear());

const refusal = {
  success: false,
  errorReason: "invalid_transaction_state",
  transaction: "",
  network: "eip155:84532",
};

/** bazaar's status; what a facilitator tells a seller only. */
const extensionResponses = { bazaar: { status: "rejected", rejectedReason: expect.any(String) } };

/** What each fault of a payment makes of a good one: the answer, and whether money moved. */
const effects: Record<
  Exclude<keyof typeof facilitatorFaults, `supported-${string}`>,
  { answer: unknown; moves: boolean }
> = {
  "verify-refuses": {
    answer: { status: 200, json: { isValid: false, invalidReason: "insufficient_funds" } },
    moves: false,
  },
  "verify-400": {
    answer: { status: 400, json: { isValid: false, invalidReason: "insufficient_funds" } },
    moves: false,
  },
  "verify-500": {
    answer: { status: 500, json: { error: expect.stringContaining("ECONNREFUSED 10.1.2.3") } },
    moves: false,
  },
  "verify-html": {
    answer: { status: 200, type: "text/html", text: expect.stringContaining("<html>") },
    moves: false,
  },
  "verify-truncated": { answer: { status: 200, text: '{"isValid":tr' }, moves: false },
  "verify-without-verdict": {
    answer: { status: 200, json: { payer: "0x0000000000000000000000000000000000000000" } },
    moves: false,
  },
  "verify-without-payer": { answer: { status: 200, json: { isValid: true } }, moves: false },
  "verify-hangs-up": { answer: "hung up", moves: false },
  "verify-slow": { answer: { status: 200, json: { isValid: true } }, moves: false },
  "verify-hangs": { answer: "hung up", moves: false },
  "verify-accepts-everything": { answer: { status: 200, json: { isValid: true } }, moves: false },
  "verify-extension-responses": {
    answer: { status: 200, json: { isValid: true }, extensionResponses },
    moves: false,
  },
  "settle-refuses": { answer: { status: 200, json: refusal }, moves: false },
  "settle-400": { answer: { status: 400, json: refusal }, moves: false },
  "settle-tells-internals": {
    answer: {
      status: 200,
      json: {
        ...refusal,
        errorReason: "unexpected_settle_error",
        errorMessage: expect.stringContaining("http://10.1.2.3:8545"),
      },
    },
    moves: false,
  },
  "settle-500": { answer: { status: 500, json: { error: "internal" } }, moves: false },
  "settle-html": {
    answer: { status: 200, type: "text/html", text: expect.stringContaining("<html>") },
    moves: false,
  },
  "settle-truncated": { answer: { status: 200, text: '{"success":tru' }, moves: false },
  "settle-without-transaction": {
    answer: { status: 200, json: { success: true, network: "eip155:84532" } },
    moves: false,
  },
  "settle-with-empty-transaction": {
    answer: { status: 200, json: { success: true, transaction: "", network: "eip155:84532" } },
    moves: false,
  },
  "settle-without-payer": {
    answer: {
      status: 200,
      json: {
        success: true,
        network: "eip155:84532",
        transaction: expect.stringMatching(/^0x[0-9a-f]{64}$/),
      },
    },
    moves: true,
  },
  "settle-without-network": {
    answer: {
      status: 200,
      json: { success: true, network: "", transaction: expect.stringMatching(/^0x[0-9a-f]{64}$/) },
    },
    moves: true,
  },
  "settle-on-another-network": {
    answer: {
      status: 200,
      json: {
        success: true,
        network: "eip155:43113",
        transaction: expect.stringMatching(/^0x[0-9a-f]{64}$/),
      },
    },
    moves: false,
  },
  "settle-hangs": { answer: "hung up", moves: false },
  "settle-extension-responses": {
    answer: { status: 200, json: { success: true }, extensionResponses },
    moves: true,
  },
  "settle-hangs-up": { answer: "hung up", moves: false },
  "settle-pending": {
    answer: {
      status: 200,
      json: {
        success: false,
        errorReason: "settlement_pending",
        transaction: expect.stringMatching(/^0x[0-9a-f]{64}$/),
        network: "eip155:84532",
      },
    },
    moves: true,
  },
  "settle-pending-unmined": {
    answer: {
      status: 200,
      json: {
        success: false,
        errorReason: "settlement_pending",
        transaction: expect.stringMatching(/^0x[0-9a-f]{64}$/),
        network: "eip155:84532",
      },
    },
    moves: false,
  },
  "settle-slow": { answer: { status: 200, json: { success: true } }, moves: true },
  "settle-answer-lost": { answer: "hung up", moves: true },
};

test.each(Object.keys(effects) as (keyof typeof effects)[])("%s does what it says", async (name) => {
  const payment = await rig.payment();
  const { endpoint } = facilitatorFaults[name];
  await rig.faults.add({
    name,
    payer: payment.payer,
    times: 1,
    ...(name.endsWith("-hangs") ? { delayMs: 20 } : {}),
  });

  expect(await rig.call(endpoint, payment)).toMatchObject(
    effects[name].answer === "hung up" ? { hungUp: true } : Object(effects[name].answer),
  );
  expect(await rig.moved(payment)).toBe(effects[name].moves ? payment.amount : 0n);
  expect(rig.faults.list()).toMatchObject([{ name, reached: 1 }]);
  expect(rig.journal.exchanges(payment.payer)).toMatchObject([{ endpoint, fault: name }]);

  // Used up: the same payment is treated honestly now, and is paid once in all.
  expect(await rig.call("settle", payment)).toMatchObject({ status: 200, json: { success: true } });
  expect(await rig.moved(payment)).toBe(payment.amount);
});

test.each(["verify", "settle"] as const)(
  "%s-without-payer leaves out nothing but the payer",
  async (endpoint) => {
    const payment = await rig.payment();
    await rig.faults.add({ name: `${endpoint}-without-payer`, times: 1 });
    const [bitten, honest] = [await rig.call(endpoint, payment), await rig.call(endpoint, payment)];
    const { payer, ...rest } = Object("json" in honest ? honest.json : undefined);
    expect(payer).toBe(payment.payer);
    expect("json" in bitten && bitten.json).toEqual(rest);
  },
);

test("supported-lies names another chain; supported-500 fails; both end with their times", async () => {
  await rig.faults.add({ name: "supported-lies", times: 1 });
  await rig.faults.add({ name: "supported-500", times: 1 });
  expect(await rig.supported()).toMatchObject({ status: 200, json: { kinds: [{ network: "eip155:1" }] } });
  expect(await rig.supported()).toMatchObject({ status: 500 });
  expect(await rig.supported()).toMatchObject({ json: { kinds: [{ network: "eip155:84532" }, {}, {}] } });
});

test("verify-accepts-everything does: also what is no payment", async () => {
  await rig.faults.add({ name: "verify-accepts-everything" });
  expect(await rig.call("verify", { request: { anything: 1 } })).toMatchObject({ json: { isValid: true } });
});

test.each(["verify-refuses", "settle-refuses"] as const)("%s gives the reason it is told", async (name) => {
  const payment = await rig.payment();
  await rig.faults.add({ name, reason: "invalid_network" });
  const { endpoint } = facilitatorFaults[name];
  const key = endpoint === "verify" ? "invalidReason" : "errorReason";
  expect(await rig.call(endpoint, payment)).toMatchObject({ json: { [key]: "invalid_network" } });
});

test.each(["verify", "settle"] as const)(
  "a call of %s hangs until the fault is switched off",
  async (endpoint) => {
    const payment = await rig.payment();
    const { id } = await rig.faults.add({ name: `${endpoint}-hangs`, payer: payment.payer });
    const call = rig.call(endpoint, payment);
    await vi.waitUntil(() => rig.faults.list()[0]?.reached === 1);
    await expect(Promise.race([call, delay(50, "still waiting")])).resolves.toBe("still waiting");
    await rig.faults.remove(id);
    expect(await call).toEqual({ hungUp: true });
    expect(await rig.moved(payment)).toBe(0n);
  },
);

test("a slow answer comes at once when the fault is switched off", async () => {
  const payment = await rig.payment();
  await rig.faults.add({ name: "verify-slow", delayMs: 600_000 });
  const call = rig.call("verify", payment);
  await vi.waitUntil(() => rig.faults.list()[0]?.reached === 1);
  await rig.faults.clear();
  expect(await call).toMatchObject({ json: { isValid: true } });
});

test("a facilitator stops although it holds a call", async () => {
  const other = await startFaultRig();
  const payment = await other.payment();
  await other.faults.add({ name: "verify-hangs" });
  const call = other.call("verify", payment);
  await vi.waitUntil(() => other.faults.list()[0]?.reached === 1);
  await other.stop();
  expect(await call).toEqual({ hungUp: true });
});

test.each(["verify", "settle"] as const)("a fault of %s leaves other payers alone", async (endpoint) => {
  const [victim, other] = [await rig.payment(), await rig.payment()];
  await rig.faults.add({ name: `${endpoint}-500`, payer: victim.payer });
  expect(await rig.call(endpoint, other)).toMatchObject({ status: 200 });
  expect(await rig.call(endpoint, victim)).toMatchObject({ status: 500 });
});

test("a call whose payer is no address passes a fault of one payer by", async () => {
  const payment = await rig.payment();
  await rig.faults.add({ name: "verify-500", payer: payment.payer });
  const request = structuredClone(payment.request);
  request.paymentPayload.payload.authorization.from = "not an address";
  expect(await rig.call("verify", { request })).toMatchObject({ status: 200, json: { isValid: false } });
  expect(rig.faults.list()).toMatchObject([{ reached: 0 }]);
});

test("without a fault, calls are written down with their honest answers", async () => {
  const payment = await rig.payment();
  await rig.call("verify", payment);
  await rig.call("settle", payment);
  expect(rig.journal.exchanges(payment.payer)).toMatchObject([
    { endpoint: "verify", request: payment.request, response: { isValid: true } },
    { endpoint: "settle", request: payment.request, response: { success: true } },
  ]);
  expect(rig.journal.exchanges(payment.payer).map(({ fault }) => fault)).toEqual([undefined, undefined]);
});
