import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expressSellerFindings } from "./express-seller.findings.ts";
import { honoSellerFindings } from "./hono-seller.findings.ts";
import { judgePeer, type PeerReport } from "./testing/judge-peer.ts";

const sellers = [
  { file: "express-seller.ts", findings: expressSellerFindings },
  { file: "hono-seller.ts", findings: honoSellerFindings },
];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "x402-assay-peer-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const ofExtensions = /^seller\.(extensions|identifier|bazaar|offer-receipt|sign-in)\./;

describe.each(sellers)("the run of $file", ({ file, findings }) => {
  let report: PeerReport;

  beforeAll(async () => {
    report = await judgePeer(file, join(folder, `${file}.json`));
  }, 60_000);

  test("completes", () => {
    expect(report.exitCode).toBe(1);
    expect(report.cases.filter(({ status }) => status === "pass").length).toBeGreaterThan(60);
  });

  test("judges every case that can be: nothing is inconclusive, and all requests were given", () => {
    const unjudged = report.cases
      .filter(({ id }) => !ofExtensions.test(id))
      .filter(({ status }) => !["pass", "fail", "warn"].includes(status));
    expect(unjudged.map(({ id, status }) => `${id}: ${status}`)).toEqual([
      // It answers no pages of other origins, offers no extension, and none of its parallel requests loses.
      "seller.challenge.is-exposed-to-pages: not-applicable",
      "seller.challenge.extensions-are-described: not-applicable",
      "seller.challenge.extensions-hold-their-schema: not-applicable",
      "seller.replay.losers-get-nothing: not-applicable",
    ]);
  });

  test("does not judge the extensions that it does not offer", () => {
    const judged = report.cases.filter(
      ({ id, status }) => ofExtensions.test(id) && status !== "not-applicable",
    );
    expect(judged).toEqual([]);
  });

  test("blames it for what was found by hand, no more and no less", () => {
    const blamed = report.cases.filter(({ status }) => status === "fail" || status === "warn");
    const found = findings.map(({ caseId: id, requirement, status }) => ({ id, requirement, status }));
    expect(blamed).toEqual(expect.arrayContaining(found));
    expect(blamed).toHaveLength(found.length);
  });
});
