import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { facilitatorFindings } from "./facilitator.findings.ts";
import { judgeFacilitatorPeer, type PeerReport } from "./testing/judge-peer.ts";

/** It waits three minutes for a receipt that does not come, which breaks no rule; the suite says so and goes on. */
const waitsForMinutes = [
  "chain.pending",
  "chain.pending-resolved",
  "chain.dropped",
  "chain.replaced",
  "chain.reorganized",
  "chain.waiting-tells-nothing-of-internals",
  "v1.dropped",
  ...["settlement.", "v1.settlement-", "permit2.", "upto.", "sponsoring."].flatMap((way) =>
    ["pending-for-other-terms", "pending-across-a-restart"].map((name) => `${way}${name}`),
  ),
  ...["chain", "v1", "permit2", "upto", "sponsoring"].flatMap((way) =>
    ["receipt-refused", "reverted-receipt-refused", "receipt-missing", "receipt-found-later"].map(
      (name) => `${way}.${name}`,
    ),
  ),
].map((name) => `facilitator.${name}`);

describe("the run of facilitator.ts", () => {
  let folder: string;
  let report: PeerReport;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "x402-assay-peer-"));
    report = await judgeFacilitatorPeer("facilitator.ts", waitsForMinutes, join(folder, "report.json"));
  }, 900_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("completes", () => {
    expect(report.exitCode).toBe(1);
    expect(report.cases.filter(({ status }) => status === "pass").length).toBeGreaterThan(80);
  });

  test("judges every case but that of a header which it does not send", () => {
    const unjudged = report.cases.filter(({ status }) => !["pass", "fail", "warn"].includes(status));
    expect(unjudged.map(({ id, status }) => `${id}: ${status}`)).toEqual([
      "facilitator.bazaar.extension-responses: not-applicable",
    ]);
  });

  test("blames it for what was found by hand, no more and no less", () => {
    const racing = facilitatorFindings.filter(({ notEveryTime }) => notEveryTime).map(({ caseId }) => caseId);
    const blamed = report.cases
      .filter(({ id, status }) => ["fail", "warn"].includes(status) && !racing.includes(id))
      .map(({ id, requirement, status }) => ({ id, requirement, status }));
    const found = facilitatorFindings
      .filter(({ caseId }) => !racing.includes(caseId))
      .map(({ caseId: id, requirement, status }) => ({ id, requirement, status }));
    expect(blamed).toEqual(expect.arrayContaining(found));
    expect(blamed).toHaveLength(found.length);
  });
});
