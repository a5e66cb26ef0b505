import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "#sandbox";
import { sellerCases } from "../../cases/seller/index.ts";
import { casesOverMcp, startReferenceOverMcp } from "./mcp/index.ts";
import { judge } from "./run.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

/** What no tool of the reference can show. */
const notShown = [
  "seller.terms.entries-are-not-mixed",
  "seller.terms.every-entry-buys",
  "seller.validate.invalid-does-no-work",
  "seller.replay.other-route-at-the-same-price",
  "seller.replay.two-routes-at-once",
  "seller.permit2.failed-handler",
  "seller.upto.failed-handler",
  "seller.settlement.fails-closed-on-supported-500",
];

test("a settlement that failed may be told without a receipt", async () => {
  const subject = await startReferenceOverMcp(sandbox.description, "without receipts", {}, (honest) => {
    const { _meta, ...result } = honest;
    return result.isError === true ? result : honest;
  });
  try {
    const cases = casesOverMcp(sellerCases);
    const { results } = await judge(subject, sandbox.description, "without receipts", "x402@2", cases);
    const amiss = results.filter(({ status }) => status !== "pass" && status !== "not-applicable");
    expect(amiss.map(({ id, message }) => `${id}: ${message}`)).toEqual([]);
  } finally {
    await subject.stop();
  }
});

test("the reference seller, whose tools are paid over MCP, is conformant", async () => {
  const subject = await startReferenceOverMcp(sandbox.description, "reference over MCP");
  try {
    const cases = casesOverMcp(sellerCases);
    const { results } = await judge(subject, sandbox.description, "over MCP", "x402@2", cases);
    const amiss = results.filter(({ status }) => status !== "pass");
    expect(amiss.filter(({ status }) => status !== "not-applicable")).toEqual([]);
    expect(amiss.map(({ id }) => id).toSorted()).toEqual(notShown.toSorted());
    expect(results.length).toBeGreaterThan(250);
  } finally {
    await subject.stop();
  }
});
