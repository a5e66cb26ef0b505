import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "#sandbox";
import { facilitatorCases } from "../../cases/facilitator/index.ts";
import { startReferenceFacilitator } from "../../subjects/index.ts";
import { type HonestAnswer, telling } from "./mutant.ts";
import { judgeFacilitatorIn } from "./run.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

const uptoOf = (change: object) => (kind: unknown) =>
  typeof kind === "object" && kind !== null && "scheme" in kind && kind.scheme === "upto"
    ? { ...kind, ...change }
    : kind;

/** Facilitators that say in /supported what the protocol leaves open, and what the suite makes of it. */
const freedoms: readonly {
  readonly freedom: string;
  readonly supported: (honest: HonestAnswer) => HonestAnswer;
  readonly cases: RegExp;
  readonly status: string;
}[] = [
  {
    freedom: "lists upto for another network only",
    supported: withKinds(uptoOf({ network: "eip155:1" })),
    cases: /^facilitator\.upto\.(settles|for-another-facilitator)$/,
    status: "not-applicable",
  },
  {
    freedom: "lists upto for another version only",
    supported: withKinds(uptoOf({ x402Version: 3 })),
    cases: /^facilitator\.upto\.(settles|for-another-facilitator)$/,
    status: "not-applicable",
  },
  {
    freedom: "lists upto for every network",
    supported: withKinds(uptoOf({ network: "eip155:*" })),
    cases: /^facilitator\.upto\.(settles|for-another-facilitator)$/,
    status: "pass",
  },
];

test.each(freedoms)(
  "a facilitator that $freedom is not blamed: $status",
  async ({ freedom, supported, cases, status }) => {
    const variation = telling("supported", supported)(() => undefined);
    const subject = await startReferenceFacilitator(sandbox.description, freedom, variation);
    try {
      const chosen = facilitatorCases.filter(({ id }) => cases.test(id));
      const { results } = await judgeFacilitatorIn(sandbox.description, subject, 10_000, chosen);
      const statusOf = new Map(results.map((result) => [result.id, result.status]));
      expect(chosen).not.toEqual([]);
      expect(chosen.map(({ id }) => `${id}: ${statusOf.get(id)}`)).toEqual(
        chosen.map(({ id }) => `${id}: ${status}`),
      );
    } finally {
      await subject.stop();
    }
  },
);

function withKinds(change: (kind: unknown) => unknown) {
  return ({ kinds, ...honest }: HonestAnswer): HonestAnswer => ({
    ...honest,
    kinds: Array.isArray(kinds) ? kinds.map(change) : kinds,
  });
}
