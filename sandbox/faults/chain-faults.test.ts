import { isHash } from "viem";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readerOf } from "../chain/index.ts";
import { type FaultName, faults } from "./catalogue.ts";
import { type Fault, isStanding } from "./fault.ts";
import type { rpcFaults } from "./rpc-faults.ts";
import type { stateFaults } from "./state-faults.ts";
import { type FaultRig, startFaultRig } from "./testing/fault-rig.ts";
import type { tokenFaults } from "./token-faults.ts";
import type { transactionFaults } from "./transaction-faults.ts";

let rig: FaultRig;
beforeAll(async () => {
  rig = await startFaultRig({ settlementTimeoutMs: 200 });
});
afterAll(() => rig.stop());
beforeEach(() => rig.faults.clear());

type ChainFaultName =
  | keyof typeof transactionFaults
  | keyof typeof rpcFaults
  | keyof typeof stateFaults
  | keyof typeof tokenFaults;

/** What the facilitator makes of a good payment under a fault, and when it is asked again without it. */
interface Effect {
  readonly verify: unknown;
  readonly settle: unknown;
  /** What the payer has lost by then. */
  readonly lost: "nothing" | "the price";
  readonly again: unknown;
}

const transaction = expect.toSatisfy(isHash);
const valid = { isValid: true };
const settled = { success: true, transaction };
const failed = { success: false, errorReason: "invalid_transaction_state", transaction };
const pending = { success: false, errorReason: "settlement_pending", transaction };
const refused = (reason: string) => ({
  verify: { isValid: false, invalidReason: reason },
  settle: { success: false, errorReason: reason, transaction: "" },
  lost: "nothing" as const,
  again: settled,
});
const outage = {
  ...refused("unexpected_verify_error"),
  settle: { success: false, errorReason: "unexpected_settle_error", transaction: "" },
};
/** The payment is good, and the node does not take its transaction. */
const notTaken = { ...outage, verify: valid };

const effects: Record<ChainFaultName, Effect> = {
  "transaction-dropped": { verify: valid, settle: pending, lost: "nothing", again: settled },
  "transaction-replaced": { verify: valid, settle: pending, lost: "nothing", again: settled },
  "transaction-reverts": { verify: valid, settle: failed, lost: "nothing", again: failed },
  "authorization-front-run": { verify: valid, settle: failed, lost: "the price", again: failed },
  "authorization-cancelled": { verify: valid, settle: failed, lost: "nothing", again: failed },
  "transaction-reorganized-away": { verify: valid, settle: settled, lost: "nothing", again: settled },
  "rpc-slow": { verify: valid, settle: settled, lost: "the price", again: settled },
  "rpc-down": outage,
  "rpc-429": outage,
  "rpc-rate-limited": outage,
  "rpc-answer-lost": { verify: valid, settle: settled, lost: "the price", again: settled },
  "rpc-simulation-refused": outage,
  "rpc-send-refused": notTaken,
  "rpc-gas-unpaid": notTaken,
  "rpc-receipts-refused": { verify: valid, settle: pending, lost: "the price", again: settled },
  "rpc-receipts-missing": { verify: valid, settle: pending, lost: "the price", again: settled },
  "mining-stopped": { verify: valid, settle: pending, lost: "nothing", again: settled },
  "clock-moved": refused("invalid_exact_evm_payload_authorization_valid_before"),
  "token-paused": refused("invalid_transaction_state"),
  "token-blacklists-payer": refused("invalid_transaction_state"),
  "token-returns-false": { verify: valid, settle: failed, lost: "nothing", again: failed },
  "token-takes-a-fee": { verify: valid, settle: failed, lost: "the price", again: failed },
  "token-emits-no-event": { verify: valid, settle: failed, lost: "the price", again: failed },
  "token-forgets-nonces": { verify: valid, settle: settled, lost: "the price", again: settled },
  "token-without-code": refused("invalid_payment_requirements"),
};

test.each(Object.keys(effects) as ChainFaultName[])(
  "%s is reported as what it is, never as success, and is over when it is switched off",
  async (name) => {
    const payment = await rig.payment();
    const order = { name, ...(takesPayer(name) ? { payer: payment.payer } : {}) };
    const { id } = await rig.faults.add(order);

    expect(await rig.call("verify", payment)).toMatchObject({ json: effects[name].verify });
    expect(await rig.call("settle", payment)).toMatchObject({ json: effects[name].settle });
    expect(rig.faults.list()[0]?.reached).toBeGreaterThan(0);

    await rig.faults.remove(id);
    const lost = payment.amount - (await rig.chain.ledger.balanceOf(payment.payer));
    // What was held up is mined the moment the fault is off.
    if (name !== "mining-stopped") expect(lost).toBe(effects[name].lost === "nothing" ? 0n : payment.amount);
    expect(await rig.call("settle", payment)).toMatchObject({ json: effects[name].again });
    await expectHonesty();
  },
);

/** A new payment is settled, and arrives in full. */
async function expectHonesty(): Promise<void> {
  const next = await rig.payment();
  expect(await rig.call("verify", next)).toMatchObject({ json: { isValid: true } });
  expect(await rig.call("settle", next)).toMatchObject({ json: { success: true } });
  expect(await rig.moved(next)).toBe(next.amount);
}

function takesPayer(name: FaultName): boolean {
  const fault: Fault = faults[name];
  return !isStanding(fault) || fault.needsPayer === true;
}

test.each([
  "transaction-reverts",
  "authorization-front-run",
  "authorization-cancelled",
  "rpc-rate-limited",
] as const)("%s of one payer leaves payments beside it alone", async (name) => {
  const [victim, other] = [await rig.payment(), await rig.payment()];
  await rig.faults.add({ name, payer: victim.payer });
  const [bitten, spared] = await Promise.all([rig.call("settle", victim), rig.call("settle", other)]);
  expect(bitten).toMatchObject({ json: { success: false } });
  expect(spared).toMatchObject({ json: { success: true } });
});

test("a dropped transaction is sent again before its caller gives up, and holds nobody up", async () => {
  const patient = await startFaultRig();
  try {
    const [victim, other] = [await patient.payment(), await patient.payment()];
    await patient.faults.add({ name: "transaction-dropped", payer: victim.payer, times: 1 });
    const receipts = await Promise.all([patient.call("settle", victim), patient.call("settle", other)]);
    expect(receipts).toMatchObject([{ json: settled }, { json: settled }]);
    expect([await patient.moved(victim), await patient.moved(other)]).toEqual([victim.amount, other.amount]);
  } finally {
    await patient.stop();
  }
});

test("a settlement that was reorganized away comes back with the next one", async () => {
  const patient = await startFaultRig();
  try {
    const [victim, other] = [await patient.payment(), await patient.payment()];
    await patient.faults.add({ name: "transaction-reorganized-away", payer: victim.payer, times: 1 });
    expect(await patient.call("settle", victim)).toMatchObject({ json: settled });
    expect(await patient.moved(victim)).toBe(0n);
    expect(await patient.call("settle", other)).toMatchObject({ json: settled });
    expect([await patient.moved(victim), await patient.moved(other)]).toEqual([victim.amount, other.amount]);
  } finally {
    await patient.stop();
  }
});

test("the clock is back when it is switched off", async () => {
  const before = await rig.chain.clock.now();
  const { id } = await rig.faults.add({ name: "clock-moved", advanceSeconds: 5000 });
  expect(await rig.chain.clock.now()).toBeGreaterThanOrEqual(before + 5000n);
  await rig.faults.remove(id);
  expect(await rig.chain.clock.now()).toBeLessThan(before + 60n);
});

test("a chain that mines at intervals does so again when mining-stopped is off", async () => {
  const other = await startFaultRig({}, { blockTime: 1 });
  try {
    const { id } = await other.faults.add({ name: "mining-stopped" });
    const reader = readerOf(other.chain.rpcUrl);
    const stopped = await reader.getBlockNumber({ cacheTime: 0 });
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(await reader.getBlockNumber({ cacheTime: 0 })).toBe(stopped);
    await other.faults.remove(id);
    await expect
      .poll(() => reader.getBlockNumber({ cacheTime: 0 }), { timeout: 5000 })
      .toBeGreaterThan(stopped + 1n);
  } finally {
    await other.stop();
  }
});

test("a token of one's own can misbehave beside the sandbox's", async () => {
  const asset = "0x00000000000000000000000000000000000000F0";
  await rig.faults.add({ name: "token-takes-a-fee", asset });
  await expectHonesty();
  expect(await readerOf(rig.chain.rpcUrl).getCode({ address: asset })).toBeDefined();
  await rig.faults.clear();
  expect(await readerOf(rig.chain.rpcUrl).getCode({ address: asset })).toBeUndefined();
});
