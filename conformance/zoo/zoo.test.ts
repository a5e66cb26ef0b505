import Fastify from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "#sandbox";
import { requirement, severityOf } from "../requirements/index.ts";
import { startReference } from "../subjects/index.ts";
import { verdicts } from "../suites.ts";
import { judgeClient } from "./client/index.ts";
import { judgeFacilitatorIn } from "./facilitator/index.ts";
import { judge, nullClients, nullFacilitators, nullSellers, type Trial, tryInLanes, zoos } from "./index.ts";

describe.each(zoos)("wrong programs: $role", ({ role, mutants }) => {
  const own = verdicts.filter(({ id }) => id.startsWith(`${role}.`));

  test("are each caught by the cases that they name, and by none of a sample of the others", {
    // Against hanging: how long it takes is the machine's.
    timeout: 3_600_000,
  }, async () => {
    const trials: Trial[] = [];
    await tryInLanes(mutants, (trial) => trials.push(trial), "sample");
    expect(trials).toHaveLength(mutants.length);
    for (const trial of trials) {
      const { mutant, blind, coupled, reached, sold, errors } = trial;
      expect.soft(blind, `${mutant.id}: cases that must catch it and do not`).toEqual([]);
      expect.soft(coupled, `${mutant.id}: cases that catch it and are not named`).toEqual([]);
      expect.soft(errors, `${mutant.id}: faults of the suite`).toEqual([]);
      expect.soft(reached, `${mutant.id}: its fault was reached`).toBeGreaterThan(0);
      expect.soft(sold, `${mutant.id}: a sale comes about`).toBe(!mutant.sellsNothing);
    }
  });

  test("name cases that exist", () => {
    const known = new Set(own.map(({ id }) => id));
    expect(mutants.flatMap(({ caughtBy }) => caughtBy.filter((id) => !known.has(id)))).toEqual([]);
  });

  test.each(own)("are caught by $id, at least one of them", ({ id, requirement: rule }) => {
    const killers = mutants.filter(({ caughtBy }) => caughtBy.includes(id));
    expect(killers, `${rule} is ${severityOf(requirement(rule).level)}`).not.toEqual([]);
  });
});

test("no two mutants share an id", () => {
  const ids = zoos.flatMap(({ mutants }) => mutants).map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)]);
});

describe("programs without a brain", () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterAll(() => sandbox.stop());

  const trials = (["x402@2", "x402@1"] as const).flatMap((protocol) =>
    nullSellers.map((seller) => ({ ...seller, protocol })),
  );

  test.each(trials)("$id earns no pass in $protocol", async ({ id, answer, protocol }) => {
    const subject = await startReference(sandbox.description, id, { front: answer });
    try {
      const { results } = await judge(subject, sandbox.description, `${id} in ${protocol}`, protocol);
      expect(results.filter(({ status }) => status === "pass").map((result) => result.id)).toEqual([]);
      expect(results.filter(({ status }) => status === "error")).toEqual([]);
    } finally {
      await subject.stop();
    }
  });

  test.each(nullClients)("$id earns no pass", async ({ id, maker }) => {
    const { results } = await judgeClient(maker, sandbox.description, id, 1_000);
    expect(results.filter(({ status }) => status === "pass").map((result) => result.id)).toEqual([]);
    expect(results.filter(({ status }) => status === "error")).toEqual([]);
  });

  test.each(nullFacilitators)("$id earns no pass", async ({ id, reply }) => {
    const app = Fastify({ forceCloseConnections: true });
    app.all("/*", (_request, answer) =>
      reply === undefined ? undefined : answer.code(reply.status).type("application/json").send(reply.body),
    );
    const url = await app.listen({ host: "127.0.0.1", port: 0 });
    try {
      const { results } = await judgeFacilitatorIn(sandbox.description, { setup: { name: id, url } }, 500);
      expect(results.filter(({ status }) => status === "pass").map((result) => result.id)).toEqual([]);
      expect(results.filter(({ status }) => status === "error")).toEqual([]);
    } finally {
      await app.close();
    }
  });
});
