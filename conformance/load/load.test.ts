import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, type SellerSteps, sellerSteps, startSandbox } from "#sandbox";
import { startPeer } from "../peers/testing/run-peer.ts";
import { type ReferenceVariation, startReference } from "../subjects/index.ts";
import { sellerMutants } from "../zoo/index.ts";
import { type LoadOptions, runLoad } from "./load.ts";
import { type LoadReport, loadExitCode, loadReportSchema } from "./report.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

let runs = 0;

/** A short load of a seller that takes the sandbox's money, with payers of its own. */
function load(url: string | undefined, changed: Partial<LoadOptions> = {}): Promise<LoadReport> {
  runs += 1;
  return runLoad({
    target: { url },
    sandboxUrl: sandbox.description.adminUrl,
    durationMs: 500,
    concurrency: 4,
    agents: 3,
    unpaid: false,
    seed: `load test ${runs}`,
    shard: { index: 1, count: 1 },
    timeoutMs: 20_000,
    repeats: 0,
    graceMs: 5_000,
    ...changed,
  });
}

/** Loads a seller of the zoo. */
function loadMutant(id: string, changed: Partial<LoadOptions> = {}): Promise<LoadReport> {
  const mutant = sellerMutants.find((candidate) => candidate.id === id);
  if (mutant === undefined) throw new Error(`There is no mutant ${id}.`);
  return loadVariation(
    mutant.build(() => undefined, sandbox.description),
    changed,
  );
}

/** Loads a seller that differs from the reference. */
async function loadVariation(
  variation: ReferenceVariation,
  changed: Partial<LoadOptions> = {},
): Promise<LoadReport> {
  const { setup, stop } = await startReference(sandbox.description, "variation", variation);
  try {
    return await load(`${setup.origin}/weather?city=Berlin`, changed);
  } finally {
    await stop();
  }
}

const kindsOf = ({ audit }: LoadReport) => audit?.differences.map(({ kind, count }) => [kind, count]);
const countOf = ({ outcomes }: LoadReport, kind: string) =>
  outcomes.find((outcome) => outcome.kind === kind)?.count ?? 0;

test("the official Express seller: the books balance, and the seller has what the agents spent", async () => {
  const { facilitatorUrl, network, accounts } = sandbox.description;
  const { ledger } = sandbox.chain;
  const seller = await startPeer("express-seller.ts", {
    FACILITATOR_URL: facilitatorUrl,
    NETWORK: network,
    PAY_TO: accounts.seller.address,
  });
  try {
    const before = await ledger.balanceOf(accounts.seller.address);
    const report = await load(`${seller.url}/weather?city=Berlin`);
    const earned = (await ledger.balanceOf(accounts.seller.address)) - before;
    const delivered = countOf(report, "delivered");
    expect(delivered).toBeGreaterThanOrEqual(4);
    expect(report.outcomes).toEqual([{ kind: "delivered", count: delivered }]);
    expect(report.audit).toEqual({
      deliveries: delivered,
      transfers: delivered,
      owed: String(earned),
      transferred: String(earned),
      spent: String(earned),
      differences: [],
    });
    expect(earned).toBe(BigInt(delivered) * 1_000n);
    expect(loadExitCode(report)).toBe(0);
  } finally {
    await seller.stop();
  }
});

test("every agent buys, each step is timed, and the report is what its schema says", async () => {
  const report = await load(undefined);
  expect(loadReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  expect(report.agents.map(({ name }) => name)).toEqual(["agent-1", "agent-2", "agent-3"]);
  expect(report.agents.every(({ good, other }) => good > 0 && other === 0)).toBe(true);
  const delivered = countOf(report, "delivered");
  for (const step of ["challenge", "sign", "answer", "loop"] as const) {
    const times = report.steps[step];
    expect(times).toMatchObject({ count: delivered });
    expect(times?.p50).toBeGreaterThan(0);
    expect(times?.p99).toBeGreaterThanOrEqual(times?.p50 ?? Number.NaN);
  }
});

describe("sellers whose books do not balance", () => {
  test("one that delivers and never settles", async () => {
    const report = await loadMutant("never-settles", { graceMs: 300 });
    expect(kindsOf(report)).toEqual([["delivered-unsettled", report.audit?.deliveries]]);
    expect(report.audit).toMatchObject({ transfers: 0, spent: "0" });
    expect(report.audit?.deliveries).toBeGreaterThan(0);
    expect(loadExitCode(report)).toBe(1);
  });

  test("one that charges and does not deliver", async () => {
    const report = await loadMutant("takes-money-serves-nothing");
    expect(kindsOf(report)).toEqual([["settled-undelivered", report.audit?.transfers]]);
    expect(report.audit?.transfers).toBeGreaterThan(0);
    expect(report.audit).toMatchObject({
      deliveries: 0,
      spent: String((report.audit?.transfers ?? 0) * 1_000),
    });
    expect(loadExitCode(report)).toBe(1);
  });

  test("one that charges, gives a receipt and fails", async () => {
    const respond: SellerSteps["respond"] = async (...args) => ({
      ...(await sellerSteps.respond(...args)),
      status: 500,
    });
    const report = await loadVariation({ steps: { ...sellerSteps, respond } });
    expect(report.outcomes.map(({ kind }) => kind)).toEqual(["upstream-failed-after-payment"]);
    expect(kindsOf(report)).toEqual([["settled-receipt-only", report.begun]]);
    expect(loadExitCode(report)).toBe(1);
  });

  test("one that settles a moment after the delivery balances, since that is waited for", async () => {
    const report = await loadMutant("settles-after-delivery");
    expect(kindsOf(report)).toEqual([]);
    expect(loadExitCode(report)).toBe(0);
  });
});

test("a seller that refuses every payment sells nothing: incomplete", async () => {
  const { adminUrl } = sandbox.description;
  const fault = { name: "verify-refuses", reason: "insufficient_funds" };
  const headers = { "content-type": "application/json" };
  await fetch(`${adminUrl}/faults`, { method: "POST", headers, body: JSON.stringify(fault) });
  try {
    const report = await load(undefined);
    expect(report.outcomes).toEqual([
      {
        kind: "payment-refused",
        count: report.begun,
        example: expect.stringContaining("insufficient_funds"),
      },
    ]);
    expect(report.audit).toMatchObject({ deliveries: 0, transfers: 0, differences: [] });
    expect(loadExitCode(report)).toBe(3);
  } finally {
    await fetch(`${adminUrl}/faults`, { method: "DELETE" });
  }
});

test("unpaid, only prices are asked, and no sandbox is needed", async () => {
  const { sellerUrl, accounts } = sandbox.description;
  const { ledger } = sandbox.chain;
  const before = await ledger.balanceOf(accounts.seller.address);
  const report = await load(`${sellerUrl}/weather?city=Berlin`, { unpaid: true, sandboxUrl: undefined });
  expect(report.outcomes).toEqual([{ kind: "challenged", count: report.begun }]);
  expect(report.audit).toBeUndefined();
  expect(Object.keys(report.steps).sort()).toEqual(["challenge", "loop", "wait"]);
  expect(await ledger.balanceOf(accounts.seller.address)).toBe(before);
  expect(loadExitCode(report)).toBe(0);
});

test("with a rate, a stall of the seller counts for all that was due meanwhile", async () => {
  const { adminUrl } = sandbox.description;
  const fault = { name: "verify-slow", delayMs: 400 };
  const headers = { "content-type": "application/json" };
  await fetch(`${adminUrl}/faults`, { method: "POST", headers, body: JSON.stringify(fault) });
  try {
    // One lane and 400 ms for each: of 40 that are due within four seconds, few are begun, and these wait in line.
    const report = await load(undefined, { rate: 10, concurrency: 1, durationMs: 4_000 });
    expect(report.begun + report.neverBegun).toBe(40);
    expect(report.neverBegun).toBeGreaterThanOrEqual(30);
    const { wait, answer, loop } = report.steps;
    expect(wait?.max).toBeGreaterThan(300);
    expect(loop?.max).toBeGreaterThan((answer?.max ?? Number.NaN) + 300);
  } finally {
    await fetch(`${adminUrl}/faults`, { method: "DELETE" });
  }
});

test("workers of one load share no payer", async () => {
  const [one, other] = await Promise.all(
    [1, 2].map((index) => load(undefined, { seed: "shared", shard: { index, count: 2 } })),
  );
  const payers = [one, other].flatMap((report) => report?.agents.map(({ payer }) => payer) ?? []);
  expect(new Set(payers).size).toBe(6);
  expect([one, other].map((report) => report && kindsOf(report))).toEqual([[], []]);
});

test("an interruption ends it before its time, and the books are closed all the same", async () => {
  const interruption = new AbortController();
  const report = await load(undefined, {
    durationMs: 600_000,
    signal: interruption.signal,
    onProgress: () => interruption.abort(),
  });
  expect(report.interrupted).toBe(true);
  expect(report.audit?.deliveries).toBeGreaterThan(0);
  expect(report.audit?.differences).toEqual([]);
});

test("a seller that nobody runs", async () => {
  const { sellerUrl } = sandbox.description;
  const nobody = sellerUrl.replace(/\d+$/, "1");
  await expect(load(`${nobody}/weather`)).rejects.toMatchObject({ code: "subject-unreachable" });
});
