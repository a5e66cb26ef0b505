import { expect, test } from "vitest";
import type { Audit, LoadReport } from "../../conformance/load/index.ts";
import { type Account, accountLines, closes } from "./account.ts";

const audit: Audit = {
  deliveries: 2,
  transfers: 2,
  owed: "2000",
  transferred: "2000",
  spent: "2000",
  differences: [],
};
const report: LoadReport = {
  schemaVersion: 1,
  kind: "load",
  subject: "reference seller",
  paid: true,
  seeds: ["s"],
  shards: { present: [1], missing: [], count: 1 },
  startedAt: "2026-01-01T00:00:00.000Z",
  durationMs: 1,
  interrupted: false,
  agents: [{ name: "agent-1", payer: "0x1", good: 2, other: 1 }],
  concurrency: 1,
  begun: 3,
  neverBegun: 0,
  perSecond: 1,
  steps: {},
  outcomes: [
    { kind: "delivered", count: 2 },
    { kind: "settlement-failed", count: 1 },
  ],
  audit,
};
const mib = 2 ** 20;
const memory = (...held: readonly number[]) =>
  held.map((each, position) => ({ atMs: position, held: each * mib, resident: 400 * mib }));
const account: Account = {
  faults: [],
  injected: [],
  report,
  last: { ...report, begun: 2, outcomes: [{ kind: "delivered", count: 2 }] },
  samples: memory(90, 100, 100, 100),
  waiting: 0,
};
const differing = (kind: Audit["differences"][number]["kind"]): Account => {
  const differences = [{ kind, count: 1, amount: "1000", examples: [] }];
  return { ...account, report: { ...report, audit: { ...audit, differences } } };
};

test.each<[string, Account]>([
  ["when everything is accounted for", account],
  ["when a payment has a receipt and no goods", differing("settled-receipt-only")],
  ["when memory grew while it warmed up", { ...account, samples: memory(10, 100, 105, 110) }],
])("closes %s", (_, each) => {
  expect(accountLines(each).at(-1)).toBe("THE ACCOUNT CLOSES");
  expect(closes(each)).toBe(true);
});

test.each<[string, Account]>([
  ["a delivery has no transfer", differing("delivered-unsettled")],
  ["a transfer has neither delivery nor receipt", differing("settled-undelivered")],
  ["a transfer was signed by nobody", differing("transfer-unexplained")],
  ["money is gone", { ...account, report: { ...report, audit: { ...audit, spent: "3000" } } }],
  ["a purchase never ended", { ...account, report: { ...report, begun: 4 } }],
  ["a transaction waits", { ...account, waiting: 1 }],
  ["the seller sells no more", { ...account, last: report }],
  ["memory grows", { ...account, samples: memory(90, 100, 120, 140) }],
])("does not close when %s", (_, each) => {
  expect(accountLines(each).filter((line) => line.startsWith("✗"))).toHaveLength(1);
  expect(closes(each)).toBe(false);
});
