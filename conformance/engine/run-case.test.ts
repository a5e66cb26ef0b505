import { expect, test } from "vitest";
import { runCase } from "./run-case.ts";
import type { Bench } from "./suite.ts";

const bench: Bench<{ evidence(): Promise<object> }> = {
  protocol: "x402@2",
  replay: "",
  openActor: async () => ({ evidence: async () => ({}) }),
  inapplicable: async () => undefined,
  premise: async () => ({ kind: "holds" }),
  audit: () => Promise.reject(new Error("Nothing is audited.")),
};

test("a case that never ends proves nothing, and is not tried again", async () => {
  const hanging = {
    id: "seller.retry.hangs",
    requirement: "S-PAY-01",
    title: "Hangs",
    probe: () => new Promise<never>(() => {}),
  };
  expect(await runCase(hanging, bench, 20)).toEqual({
    result: expect.objectContaining({
      status: "inconclusive",
      message: "The case did not come to an end within 0.02 s.",
    }),
  });
});
