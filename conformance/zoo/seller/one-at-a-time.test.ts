import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "#sandbox";
import { sellerCases } from "../../cases/seller/index.ts";
import { type CaseResult, newsOfSecondAttempts } from "../../engine/index.ts";
import { type Front, startReference } from "../../subjects/index.ts";
import { judge } from "./run.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

/** So long takes each paid request at least, in milliseconds: those of cases beside each other meet. */
const longEnough = 50;

/** Crashes when paid requests overlap; otherwise it sells, and what was paid for once as often as one likes. */
function crashesWhenBusy(): Front {
  const paid = new Set<string>();
  let isBusy = false;
  return (request, response, forward) => {
    const payment = request.headers["payment-signature"];
    if (typeof payment !== "string") return forward();
    if (isBusy) return void response.writeHead(500).end();
    isBusy = true;
    response.once("finish", () => {
      isBusy = false;
    });
    const isPaid = paid.has(payment);
    paid.add(payment);
    setTimeout(() => (isPaid ? response.end("Sunny.") : forward()), longEnough);
  };
}

/** Judges a seller that crashes when it is busy, by some cases. */
async function found(chosen: RegExp): Promise<readonly CaseResult[]> {
  const subject = await startReference(sandbox.description, "busy seller", { front: crashesWhenBusy() });
  try {
    const cases = sellerCases.filter(({ id }) => chosen.test(id));
    return (await judge(subject, sandbox.description, chosen.source, "x402@2", cases)).results;
  } finally {
    await subject.stop();
  }
}

test("a seller that fails when requests come at once is judged by what it does alone", async () => {
  const results = await found(
    /^seller\.(retry\.(header-name|settled-before)|replay\.same-payment|terms\.amount-)/,
  );
  const byId = new Map(results.map((result) => [result.id, result]));
  const unproven = results.filter(({ status }) => status === "inconclusive").map(({ id }) => id);
  expect(unproven).toEqual([]);
  expect(byId.get("seller.retry.header-name-in-any-case")).toMatchObject({ status: "pass" });
  expect(byId.get("seller.replay.same-payment-twice")).toMatchObject({ status: "fail" });
  const retried = results.filter(({ triedAlone }) => triedAlone === "otherwise");
  expect(retried.length).toBeGreaterThan(0);
  for (const { message } of retried)
    expect(message).toMatch(/Beside other cases it came out as (inconclusive|fail|warn|pass)/);
  expect(newsOfSecondAttempts("seller", results)).toEqual([
    expect.stringMatching(/^\d+ cases? went otherwise alone.*the seller mixes up, or fails.*--workers 1/),
  ]);
});

test("that it fails is told where buyers come at once on purpose", async () => {
  const results = await found(/^seller\.load\.(deliveries|own-receipts)/);
  const told = results.filter(({ id }) => id.startsWith("seller.load."));
  expect(told).toHaveLength(2);
  for (const each of told)
    expect.soft(each).toMatchObject({
      status: "warn",
      actual: expect.stringMatching(/^\d+ of 24 were answered with 5xx, e\.g\. 500$/),
    });
});
