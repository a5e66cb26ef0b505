import { afterAll, beforeAll, expect, test } from "vitest";
import { type ClientSteps, clientSteps, type Sandbox, startSandbox } from "#sandbox";
import { clientCases } from "../../cases/client/index.ts";
import { referenceClient } from "../../subjects/client/index.ts";
import { payingFromMemory } from "./remembering.ts";
import { judgeClient } from "./run.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

/** Clients that differ from the reference in what the protocol leaves open, and what the suite makes of it. */
const freedoms: readonly {
  readonly freedom: string;
  readonly support: ClientSteps["support"];
  readonly cases: RegExp;
  readonly status: string;
}[] = [
  {
    freedom: "pays by Permit2 alone",
    support: supporting("exact", "permit2"),
    cases: /^client\.permit2\.(signature|accepted|again-pending)$/,
    status: "pass",
  },
  {
    freedom: "pays upto alone",
    support: supporting("upto", "permit2"),
    cases: /^client\.upto\.(facilitator|endless-402|charged-nothing)$/,
    status: "pass",
  },
  {
    freedom: "pays upto alone, and no authorization",
    support: supporting("upto", "permit2"),
    cases: /^client\.(permit2\.token|again\.pending|authorization\.payee|v1\.after-503)$/,
    status: "not-applicable",
  },
  {
    freedom: "pays nothing by permits",
    support: supporting("exact", "eip3009"),
    cases: /^client\.(permit2\.token|upto\.facilitator)$/,
    status: "not-applicable",
  },
];

test.each(freedoms)(
  "a client that $freedom is not blamed: $status",
  async ({ freedom, support, cases, status }) => {
    const chosen = clientCases.filter(({ id }) => cases.test(id));
    const client = referenceClient({ ...clientSteps, support });
    const { results } = await judgeClient(client, sandbox.description, freedom, 10_000, chosen);
    const statusOf = new Map(results.map((result) => [result.id, result.status]));
    expect(chosen.map(({ id }) => `${id}: ${statusOf.get(id)}`)).toEqual(
      chosen.map(({ id }) => `${id}: ${status}`),
    );
  },
);

test("a client that signs wrong permits, and nothing else, is blamed for them", async () => {
  const support = supporting("exact", "permit2");
  const authorize: ClientSteps["authorize"] = (...order) => ({
    ...clientSteps.authorize(...order),
    value: "1001",
  });
  const chosen = clientCases.filter(({ id }) => id === "client.permit2.amount");
  const client = referenceClient({ ...clientSteps, support, authorize });
  const { results } = await judgeClient(client, sandbox.description, "wrong permits", 10_000, chosen);
  expect(results[0]).toMatchObject({ id: "client.permit2.amount", status: "fail" });
});

test("a client that pays from memory, and signs once when that fails, is not blamed", async () => {
  const chosen = clientCases.filter(({ id }) => /\.again\.second-|\.nonce-for-the-same$/.test(id));
  const client = payingFromMemory(clientSteps.retry);
  const { results } = await judgeClient(client, sandbox.description, "from memory", 10_000, chosen);
  const blamed = results.filter(({ status }) => status !== "pass");
  expect(blamed.map(({ id, status }) => `${id}: ${status}`)).toEqual([]);
  expect(chosen).toHaveLength(6);
});

/** Pays entries of one scheme, by one method, and leaves alone all others. */
function supporting(scheme: string, method: string): ClientSteps["support"] {
  return (offered) => {
    const supported = clientSteps.support(offered);
    const { requirements } = offered;
    if (!supported.ok || (requirements.scheme === scheme && supported.value.method === method))
      return supported;
    return {
      ok: false,
      error: { code: "unsupported_scheme", message: "It is of no interest.", path: "scheme" },
    };
  };
}
