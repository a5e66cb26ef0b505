import { expect, test } from "vitest";
import type { Transfer } from "#sandbox";
import { addUp, audit } from "./audit.ts";

const address = "0x0000000000000000000000000000000000000001";
const transfer = (transaction: `0x${string}`): Transfer => ({
  from: address,
  to: address,
  value: 1n,
  transaction,
  block: 1n,
});
const round = (...transactions: string[]) => ({
  elapsedMs: 1,
  processorMs: 1,
  loops: transactions.map((transaction) => ({ latencyMs: 1, transaction })),
  failures: {},
});

test("agrees when the receipts of all rounds name the transfers, in any order", () => {
  const found = audit(
    [round("0xaa"), round("0xCC", "0xbb")],
    [transfer("0xbb"), transfer("0xaa"), transfer("0xcc")],
  );
  expect(found).toEqual({ loops: 3, failures: {}, transfers: 3, agrees: true });
});

test("agrees when payments share a transaction", () => {
  expect(audit([round("0xaa", "0xaa")], [transfer("0xaa"), transfer("0xaa")]).agrees).toBe(true);
});

test("agrees when a loop that failed was paid after all", () => {
  const late = { ...round("0xaa"), failures: { "no end": 1 } };
  expect(audit([late], [transfer("0xaa"), transfer("0xbb")]).agrees).toBe(true);
  expect(audit([late], [transfer("0xaa"), transfer("0xbb"), transfer("0xcc")]).agrees).toBe(false);
});

test.each([
  ["a receipt names no transfer", [round("0xaa", "0xbb")], [transfer("0xaa")]],
  ["a transfer has no receipt", [round("0xaa")], [transfer("0xaa"), transfer("0xbb")]],
  ["a receipt names another transaction", [round("0xaa")], [transfer("0xbb")]],
  ["two receipts name one transfer", [round("0xaa", "0xaa")], [transfer("0xaa"), transfer("0xbb")]],
])("disagrees when %s", (_, rounds, transfers) => {
  expect(audit(rounds, transfers).agrees).toBe(false);
});

test("adds up the failures of all rounds", () => {
  const failed = { ...round(), failures: { "status 402": 2 } };
  expect(audit([failed, failed], []).failures).toEqual({ "status 402": 4 });
});

test("adds up the audits of several chains, and agrees only if each does", () => {
  const one = audit([round("0xaa")], [transfer("0xaa")]);
  const other = audit([{ ...round("0xbb"), failures: { late: 1 } }], []);
  expect(addUp([one, one])).toEqual({ loops: 2, failures: {}, transfers: 2, agrees: true });
  expect(addUp([one, other])).toEqual({ loops: 2, failures: { late: 1 }, transfers: 1, agrees: false });
});
