import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "#sandbox";
import { sellerCases } from "../cases/seller/index.ts";
import { auditId } from "../engine/index.ts";
import { requirement, severityOf } from "../requirements/index.ts";
import { startReference } from "../subjects/index.ts";
import { judge, nullSellers, sellerMutants, type Trial, tryInLanes } from "./index.ts";

describe("mutants", () => {
  test("each is caught by exactly the cases that it names", { timeout: 600_000 }, async () => {
    const trials: Trial[] = [];
    await tryInLanes(sellerMutants, (trial) => trials.push(trial));
    expect(trials).toHaveLength(sellerMutants.length);
    for (const trial of trials) {
      const { mutant, caught, reached, sold, errors } = trial;
      expect.soft({ mutant: mutant.id, caught: caught.toSorted() }).toEqual({
        mutant: mutant.id,
        caught: mutant.caughtBy.toSorted(),
      });
      expect.soft(errors, `${mutant.id}: faults of the suite`).toEqual([]);
      expect.soft(reached, `${mutant.id}: its fault was reached`).toBeGreaterThan(0);
      expect.soft(sold, `${mutant.id}: sells`).toBe(!mutant.sellsNothing);
    }
  });

  test("have ids of their own and name cases that exist", () => {
    const ids = sellerMutants.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    const known = new Set([...sellerCases.map(({ id }) => id), auditId]);
    expect(sellerMutants.flatMap(({ caughtBy }) => caughtBy.filter((id) => !known.has(id)))).toEqual([]);
  });

  test.each([
    ...sellerCases.map(({ id, requirement }) => ({ id, rule: requirement })),
    { id: auditId, rule: "S-AUD-01" },
  ])("some mutant is caught by $id", ({ id, rule }) => {
    const killers = sellerMutants.filter(({ caughtBy }) => caughtBy.includes(id));
    expect(killers, `${rule} is ${severityOf(requirement(rule).level)}`).not.toEqual([]);
  });
});

describe("servers without a brain", () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterAll(() => sandbox.stop());

  const trials = (["x402@2", "x402@1"] as const).flatMap((protocol) =>
    nullSellers.map((seller) => ({ ...seller, protocol })),
  );

  test.each(trials)(
    "$id earns no pass in $protocol",
    { timeout: 120_000 },
    async ({ id, answer, protocol }) => {
      const subject = await startReference(sandbox.description, id, { front: answer });
      try {
        const { results } = await judge(subject, sandbox.description, `${id} in ${protocol}`, protocol);
        expect(results.filter(({ status }) => status === "pass").map((result) => result.id)).toEqual([]);
        expect(results.filter(({ status }) => status === "error")).toEqual([]);
      } finally {
        await subject.stop();
      }
    },
  );
});
