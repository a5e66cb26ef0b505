import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type FacilitatorFaultName, facilitatorFaults } from "./facilitator-faults.ts";
import { type FaultRig, startFaultRig } from "./testing/fault-rig.ts";

let rig: FaultRig;
beforeAll(async () => {
  rig = await startFaultRig();
});
afterAll(() => rig.stop());
beforeEach(() => rig.faults.clear());

/** What each fault makes of a good payment: the answer, and whether money moved. */
const effects: Record<FacilitatorFaultName, { answer: unknown; moves: boolean }> = {
  "verify-refuses": {
    answer: { status: 200, json: { isValid: false, invalidReason: "insufficient_funds" } },
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
  "verify-hangs-up": { answer: "hung up", moves: false },
  "settle-refuses": {
    answer: {
      status: 200,
      json: {
        success: false,
        errorReason: "invalid_transaction_state",
        transaction: "",
        network: "eip155:84532",
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
  "settle-slow": { answer: { status: 200, json: { success: true } }, moves: true },
  "settle-answer-lost": { answer: "hung up", moves: true },
};

test.each(Object.keys(facilitatorFaults) as FacilitatorFaultName[])("%s does what it says", async (name) => {
  const payment = await rig.payment();
  const { endpoint } = facilitatorFaults[name];
  rig.faults.add({ name, payer: payment.payer, times: 1 });

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

test.each(["verify", "settle"] as const)("a fault of %s leaves other payers alone", async (endpoint) => {
  const [victim, other] = [await rig.payment(), await rig.payment()];
  rig.faults.add({ name: `${endpoint}-500`, payer: victim.payer });
  expect(await rig.call(endpoint, other)).toMatchObject({ status: 200 });
  expect(await rig.call(endpoint, victim)).toMatchObject({ status: 500 });
});

test("a call whose payer is no address passes a fault of one payer by", async () => {
  const payment = await rig.payment();
  rig.faults.add({ name: "verify-500", payer: payment.payer });
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
