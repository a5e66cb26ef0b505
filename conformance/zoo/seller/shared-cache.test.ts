import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "#sandbox";
import { sellerCases } from "../../cases/seller/index.ts";
import { startReference } from "../../subjects/index.ts";
import { cachingWhatIsBought } from "./mutants/index.ts";
import { judge } from "./run.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

const keptAnswers = "seller.access.kept-answers-open-nothing";

test("a cache that keeps what was sold first is a failure, and named where it stands in the way", async () => {
  const subject = await startReference(
    sandbox.description,
    "cached seller",
    cachingWhatIsBought({ oftenEnough: 1 }),
  );
  try {
    const cases = sellerCases.filter(({ id }) => id === keptAnswers || id.startsWith("seller.replay."));
    const { results } = await judge(subject, sandbox.description, "cached", "x402@2", cases);
    expect(results.find(({ id }) => id === keptAnswers)).toMatchObject({
      status: "fail",
      message: expect.stringContaining("a cache in front of the seller seems to keep paid answers"),
      actual: expect.stringMatching(/^status 200, body/),
    });
    const unproven = results.filter(({ status }) => status === "inconclusive");
    expect(unproven.length).toBeGreaterThan(0);
    for (const { message } of unproven)
      expect
        .soft(message)
        .toContain("status 200. The answer is what another buyer paid for: a cache in front of the seller");
  } finally {
    await subject.stop();
  }
});

test("a cache that forgets within a second is one, too", async () => {
  const subject = await startReference(
    sandbox.description,
    "briefly cached seller",
    cachingWhatIsBought({ oftenEnough: 1, forMs: 200 }),
  );
  try {
    const cases = sellerCases.filter(({ id }) => id === keptAnswers);
    const { results } = await judge(subject, sandbox.description, "briefly", "x402@2", cases);
    expect(results.find(({ id }) => id === keptAnswers)).toMatchObject({ status: "fail" });
  } finally {
    await subject.stop();
  }
});
