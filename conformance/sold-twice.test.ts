import { expect, test } from "vitest";
import type { JournalEntry } from "#sandbox";
import type { CaseResult } from "./engine/index.ts";
import { newsOfSellingTwice } from "./sold-twice.ts";

const payer = "0x1111111111111111111111111111111111111111";

function verdict(status: CaseResult["status"]): CaseResult {
  const account = { address: payer, since: "0", delivered: 2, excused: 0, settled: 1 } as const;
  const facts = { id: "seller.replay.same-payment-twice", requirement: "S-RPL-01", title: "", durationMs: 1 };
  return { ...facts, role: "seller", level: "SEC", status, account };
}

function settled(transaction: string, change: Partial<JournalEntry> = {}): JournalEntry {
  const response = { success: true, transaction };
  return { endpoint: "settle", startedAt: 0, durationMs: 1, payer, request: {}, response, ...change };
}

test("failures of a seller that took a repeated answer for a payment are told to have one cause", () => {
  expect(newsOfSellingTwice([verdict("fail")], [settled("0xa"), settled("0xa")])).toEqual([
    expect.stringMatching(/^1 case fails where the seller asked \/settle again .* by payer and nonce\.$/),
  ]);
});

test.each([
  { title: "the case passed", verdicts: [verdict("pass")], journal: [settled("0xa"), settled("0xa")] },
  {
    title: "each success was another payment",
    verdicts: [verdict("fail")],
    journal: [settled("0xa"), settled("0xb")],
  },
  {
    title: "the second was refused",
    verdicts: [verdict("fail")],
    journal: [settled("0xa"), settled("0xa", { response: { success: false, transaction: "0xa" } })],
  },
])("nothing is told where $title", ({ verdicts, journal }) => {
  expect(newsOfSellingTwice(verdicts, journal)).toEqual([]);
});
