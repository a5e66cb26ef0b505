import { expect, test } from "vitest";
import type { ExchangeRecord } from "../engine/index.ts";
import { verdict } from "./testing/reports.ts";
import { timelineOf } from "./timeline.ts";

const transaction = `0x${"ab".repeat(32)}` as const;
const transfers = [{ to: `0x${"11".repeat(20)}`, value: "1000", transaction, block: "7" }] as const;
const receipt = Buffer.from(JSON.stringify({ success: true, transaction })).toString("base64");

/** A request at this time whose answer takes 10 ms. */
function exchange(
  startedAt: number,
  pays: boolean,
  status: number | undefined,
  settled = false,
): ExchangeRecord {
  return {
    label: "x",
    startedAt,
    durationMs: 10,
    request: {
      method: "GET",
      url: "http://127.0.0.1:1/weather?city=Berlin",
      headers: pays ? [["payment-signature", "e30="]] : [],
    },
    answer:
      status === undefined
        ? { kind: "no-answer", why: "it hung up" }
        : { kind: "answer", status, headers: settled ? [["payment-response", receipt]] : [], body: "" },
  };
}

const told = (...parameters: Parameters<typeof verdict>) =>
  timelineOf(verdict(...parameters))?.steps.map(
    ({ at, from, to, label }) => `${Math.round(at)} ${from} → ${to}: ${label}`,
  );

test("a purchase is told in the order in which it happened", () => {
  const exchanges = [exchange(1_000, false, 402), exchange(1_020, true, 200, true)];
  const facilitatorCalls = [
    { endpoint: "verify", startedAt: 1_021, durationMs: 2, answer: '{"isValid":true}' },
    {
      endpoint: "settle",
      startedAt: 1_024,
      durationMs: 4,
      answer: JSON.stringify({ success: true, transaction }),
    },
  ] as const;
  expect(told("a", "pass", { exchanges, facilitatorCalls, transfers })).toEqual([
    "0 client → seller: GET /weather",
    "10 seller → client: 402 payment required",
    "20 client → seller: GET /weather + payment",
    "21 seller → facilitator: verify",
    "23 facilitator → seller: valid",
    "24 seller → facilitator: settle",
    "28 facilitator → chain: 0.001 USDC",
    "28 facilitator → seller: settled",
    "30 seller → client: 200 + receipt",
  ]);
});

test("money that an earlier request may have moved is not laid to the later one", () => {
  const exchanges = [exchange(0, true, undefined), exchange(20, true, 200, true)];
  expect(told("a", "pass", { role: "client", exchanges, transfers })).toEqual([
    "0 client → seller: GET /weather + payment",
    "10 seller → client: no answer",
    "20 client → seller: GET /weather + payment",
    "30 seller → chain: 0.001 USDC by now",
    "30 seller → client: 200 + receipt",
  ]);
});

test("a fault is named where it bit", () => {
  const exchanges = [exchange(0, true, 502)];
  const facilitatorCalls = [
    { endpoint: "settle", startedAt: 2, durationMs: 3, answer: "{}", fault: "settle-500" },
  ] as const;
  expect(told("a", "pass", { exchanges, facilitatorCalls })).toContain(
    "5 facilitator → seller: fault: settle-500",
  );
});

test("of very many steps the last are drawn, and the others counted", () => {
  const exchanges = Array.from({ length: 40 }, (_, index) => exchange(index * 20, true, 402));
  const timeline = timelineOf(verdict("a", "pass", { exchanges }));
  expect(timeline).toMatchObject({ leftOut: 56 });
  expect(timeline?.steps).toHaveLength(24);
});

test("nothing is drawn of a case that sent nothing", () => {
  expect(timelineOf(verdict("a", "inconclusive"))).toBeUndefined();
});
