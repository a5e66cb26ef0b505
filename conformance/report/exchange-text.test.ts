import { expect, test } from "vitest";
import { exchangeText } from "./exchange-text.ts";

/** A 402 with this PAYMENT-REQUIRED, as a person reads it. */
function shown(header: string): string {
  const exchange = {
    label: "x",
    startedAt: 0,
    durationMs: 1,
    request: { method: "GET", url: "http://127.0.0.1:1/report?city=Berlin", headers: [] },
    answer: { kind: "answer", status: 402, headers: [["payment-required", header]], body: "" },
  } as const;
  return exchangeText(exchange, 100).answer;
}

test("headers of payments are shown decoded, and what is not base64 as it came", () => {
  expect(shown("eyJhIjoxfQ==")).toBe('402\npayment-required: {"a":1}');
  expect(shown("%%%")).toBe("402\npayment-required: %%%");
});

test("that the padding is missing does not get lost", () => {
  expect(shown("eyJhIjoxfQ")).toBe('402\npayment-required: {"a":1} (sent without base64 padding)');
});
