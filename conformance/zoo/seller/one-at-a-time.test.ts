import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "#sandbox";
import { sellerCases } from "../../cases/seller/index.ts";
import { newsOfSecondAttempts } from "../../engine/index.ts";
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

test("a seller that fails when requests come at once is judged by what it does alone", async () => {
  const subject = await startReference(sandbox.description, "busy seller", { front: crashesWhenBusy() });
  try {
    const cases = sellerCases.filter(({ id, control, alone }) => {
      const isTried = /^seller\.(retry\.(header|settled)|replay\.same|terms\.amount|malformed\.v-)/.test(id);
      return isTried && control !== undefined && !alone;
    });
    const { results } = await judge(subject, sandbox.description, "one at a time", "x402@2", cases);
    const found = new Map(results.map((result) => [result.id, result]));
    const unproven = results.filter(({ status }) => status === "inconclusive").map(({ id }) => id);
    expect(unproven).toEqual([]);
    expect(found.get("seller.retry.header-name-in-any-case")).toMatchObject({ status: "pass" });
    expect(found.get("seller.replay.same-payment-twice")).toMatchObject({ status: "fail" });
    const retried = results.filter(({ triedAlone }) => triedAlone === "otherwise");
    expect(retried.length).toBeGreaterThan(0);
    for (const { message } of retried)
      expect(message).toMatch(/Beside other cases it came out as (inconclusive|fail|warn|pass)/);
    expect(newsOfSecondAttempts("seller", results)).toEqual([
      expect.stringMatching(/^\d+ cases? went otherwise alone.*the seller mixes up, or fails.*--workers 1/),
    ]);
  } finally {
    await subject.stop();
  }
});
