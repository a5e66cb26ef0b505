import { afterAll, beforeAll, expect, it } from "vitest";
import { createFacilitator, type FacilitatorSteps, facilitatorChecks, facilitatorSteps } from "./index.ts";
import { type Rig, startRig } from "./testing/rig.ts";

let rig: Rig;

beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());

async function withFacilitator<T>(
  steps: FacilitatorSteps,
  work: (facilitator: Awaited<ReturnType<typeof createFacilitator>>) => Promise<T>,
): Promise<T> {
  const { privateKey } = rig.chain.accounts.facilitator;
  const facilitator = await createFacilitator({ rpcUrl: rig.chain.rpcUrl, privateKey }, steps);
  try {
    return await work(facilitator);
  } finally {
    facilitator.close();
  }
}

it("a payment goes through the steps in their order, in this process without a server", async () => {
  const order: string[] = [];
  const noting =
    <Parameters extends unknown[], Result>(name: string, step: (...parameters: Parameters) => Result) =>
    (...parameters: Parameters): Result => {
      order.push(name);
      return step(...parameters);
    };
  const noted: FacilitatorSteps = {
    checks: facilitatorSteps.checks,
    check: noting("check", facilitatorSteps.check),
    simulate: noting("simulate", facilitatorSteps.simulate),
    broadcast: noting("broadcast", facilitatorSteps.broadcast),
    confirm: noting("confirm", facilitatorSteps.confirm),
    record: noting("record", facilitatorSteps.record),
    catalogueRules: facilitatorSteps.catalogueRules,
    advertise: noting("advertise", facilitatorSteps.advertise),
  };
  await withFacilitator(noted, async (facilitator) => {
    const request = await rig.request(await rig.newPayer());
    expect(await facilitator.verify(request)).toMatchObject({ isValid: true });
    expect(order.splice(0)).toEqual(["check", "simulate"]);
    expect(await facilitator.settle(request)).toMatchObject({ success: true });
    expect(order).toEqual(["check", "simulate", "broadcast", "confirm", "record", "advertise"]);
  });
});

it("one rule can be left out, and no other is", async () => {
  const request = facilitatorChecks.request.filter(({ name }) => name !== "accepted amount");
  const lax: FacilitatorSteps = { ...facilitatorSteps, checks: { ...facilitatorChecks, request } };
  await withFacilitator(lax, async (facilitator) => {
    const payer = await rig.newPayer();
    const otherAmount = await rig.request(payer, { accepted: { amount: "1" } });
    expect(await facilitator.verify(otherAmount)).toMatchObject({ isValid: true });
    const otherScheme = await rig.request(payer, { accepted: { amount: "1", scheme: "upto" } });
    expect(await facilitator.verify(otherScheme)).toMatchObject({ invalidReason: "invalid_scheme" });
  });
});
