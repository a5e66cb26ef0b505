import { afterAll, beforeAll, expect, test } from "vitest";
import { developerOf, type Sandbox, startSandbox } from "#sandbox";
import { facilitatorCases } from "../../cases/facilitator/index.ts";
import { settlementAccount, startReferenceFacilitator } from "../../subjects/index.ts";
import { judgeFacilitatorIn } from "./run.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

test("nothing is held against a facilitator whose account ran out of gas in the midst of a case", async () => {
  const { description } = sandbox;
  const name = "spendthrift";
  const { address } = await settlementAccount(description, name);
  let settlements = 0;
  const subject = await startReferenceFacilitator(description, name, {
    intercept: async ({ endpoint }) => {
      // After the run's first settlement and the case's control.
      if (endpoint === "settle" && ++settlements === 3)
        await developerOf(description.rpcUrl).setBalance({ address, value: 1n });
      return undefined;
    },
  });
  try {
    const cases = facilitatorCases.filter(({ id }) => id === "facilitator.settlement.once");
    const { results } = await judgeFacilitatorIn(description, subject, 10_000, cases);
    expect(results).toMatchObject([
      {
        status: "inconclusive",
        message: expect.stringMatching(/0x[0-9a-f]{40}.* ether left, too little for gas at/),
      },
      {},
    ]);
  } finally {
    await subject.stop();
  }
});
