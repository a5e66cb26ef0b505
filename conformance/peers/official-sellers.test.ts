import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expressSellerFindings } from "./express-seller.findings.ts";
import { honoSellerFindings } from "./hono-seller.findings.ts";
import { judgePeer, type PeerReport } from "./testing/judge-peer.ts";
import { x402ExpressFindings } from "./x402-express.findings.ts";

// They answer no pages of other origins, offer no extension and no second token or price, and ask for /supported only when they start.
const inapplicableInV2 = [
  "seller.challenge.is-exposed-to-pages",
  "seller.challenge.preflight-lets-pages-pay",
  "seller.challenge.extensions-are-described",
  "seller.challenge.extensions-hold-their-schema",
  "seller.retry.is-readable-for-pages",
  "seller.terms.entries-are-not-mixed",
  "seller.terms.every-entry-buys",
  "seller.settlement.fails-closed-on-supported-500",
];

// It speaks one version only, and never asks for /supported.
const inapplicableInV1 = [
  "seller.v1.both-ask-for-the-same",
  "seller.v1.both-get-their-own-receipt",
  "seller.v1.both-headers-are-one-payment",
  "seller.v1.both-spend-one-authorization",
  "seller.v1.both-at-once",
  "seller.settlement.fails-closed-on-supported-500",
  "seller.settlement.fails-closed-on-supported-lies",
];

// Mostly none of their parallel requests loses; on a busy machine one may come too late.
const judgedByChance = "seller.replay.losers-get-nothing";

const sellers = [
  {
    file: "express-seller.ts",
    protocol: "x402@2",
    findings: expressSellerFindings,
    inapplicable: inapplicableInV2,
  },
  {
    file: "hono-seller.ts",
    protocol: "x402@2",
    findings: honoSellerFindings,
    inapplicable: inapplicableInV2,
  },
  {
    file: "x402-express-seller.ts",
    protocol: "x402@1",
    findings: x402ExpressFindings,
    inapplicable: inapplicableInV1,
  },
] as const;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "x402-assay-peer-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Extensions, and another transport. */
const notOffered = /^seller\.(v1\.)?(extensions|identifier|bazaar|offer-receipt|sign-in|mcp)[.-]/;

describe.each(sellers)("the run of $file", ({ file, protocol, findings, inapplicable }) => {
  let report: PeerReport;

  beforeAll(async () => {
    report = await judgePeer(file, protocol, join(folder, `${file}.json`));
  });

  test("completes", () => {
    expect(report.exitCode).toBe(1);
    expect(report.cases.filter(({ status }) => status === "pass").length).toBeGreaterThan(50);
  });

  test("judges every case that can be: nothing is inconclusive, and all requests were given", () => {
    const unjudged = report.cases
      .filter(({ id }) => !notOffered.test(id) && id !== judgedByChance)
      .filter(({ status }) => !["pass", "fail", "warn"].includes(status));
    expect(unjudged.map(({ id, status }) => `${id}: ${status}`)).toEqual(
      inapplicable.map((id) => `${id}: not-applicable`),
    );
  });

  test("does not judge the extensions and the transport that it does not offer", () => {
    const judged = report.cases.filter(
      ({ id, status }) => notOffered.test(id) && status !== "not-applicable",
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
