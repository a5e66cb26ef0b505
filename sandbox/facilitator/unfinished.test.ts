import { isHash, isHex } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FacilitatorSteps, facilitatorSteps } from "./index.ts";
import { withDatabase } from "./testing/database.ts";
import { price, type Rig, settle, startRig, verify, witness } from "./testing/rig.ts";

describe.each([
  ["together", true],
  ["one by one", false],
])("payments that are settled %s, and not to the end", (_, batching) => {
  let rig: Rig;

  beforeAll(async () => {
    rig = await startRig({ batching });
  });
  afterAll(() => rig.stop());

  async function withMiningStopped(work: () => Promise<void>): Promise<void> {
    await rig.developer.setAutomine(false);
    try {
      await work();
    } finally {
      await rig.developer.mine({ blocks: 1 });
      await rig.developer.setAutomine(true);
    }
  }

  describe("a receipt that does not come in time is settlement_pending", () => {
    it("and the next settle tells the real outcome without a second transaction", async () => {
      const patient = await rig.start({ settlementTimeoutMs: 100 });
      const payer = await rig.newPayer();
      const request = await rig.request(payer);
      const before = await witness(rig, payer.address);
      let transaction = "";
      await withMiningStopped(async () => {
        const pending = await settle(patient.url, request);
        expect(pending).toMatchObject({ success: false, errorReason: "settlement_pending" });
        transaction = pending.transaction;
        expect(isHash(transaction)).toBe(true);
        expect(await settle(patient.url, request)).toEqual(pending);
        expect(await verify(patient.url, request)).toMatchObject({
          invalidReason: "invalid_transaction_state",
        });
      });
      expect(await settle(patient.url, request)).toMatchObject({ success: true, transaction });
      expect(await witness(rig, payer.address)).toMatchObject({
        paid: before.paid - price,
        sent: before.sent + 1,
      });
    });

    it("also when the facilitator was restarted in between", () =>
      withDatabase(async (databaseFile) => {
        const request = await rig.request(await rig.newPayer());
        let transaction = "";
        await withMiningStopped(async () => {
          const one = await rig.start({ databaseFile, settlementTimeoutMs: 50 });
          transaction = (await settle(one.url, request)).transaction;
          await one.stop();
        });
        const other = await rig.start({ databaseFile });
        expect(await settle(other.url, request)).toMatchObject({ success: true, transaction });
        await other.stop();
      }));

    it("and a transaction that the chain dropped is sent again as it is", async () => {
      const patient = await rig.start({ settlementTimeoutMs: 50 });
      const payer = await rig.newPayer();
      const request = await rig.request(payer);
      const before = await witness(rig, payer.address);
      let transaction = "";
      await withMiningStopped(async () => {
        ({ transaction } = await settle(patient.url, request));
        if (isHex(transaction)) await rig.developer.dropTransaction({ hash: transaction });
      });
      expect(await settle(patient.url, request)).toMatchObject({ success: true, transaction });
      expect(await witness(rig, payer.address)).toMatchObject({
        paid: before.paid - price,
        sent: before.sent + 1,
      });
    });

    it("and a dropped one whose place is taken is settled by a new one", async () => {
      const patient = await rig.start({ settlementTimeoutMs: 50 });
      const [payer, next] = await Promise.all([rig.newPayer(), rig.newPayer()]);
      const request = await rig.request(payer);
      let transaction = "";
      await withMiningStopped(async () => {
        ({ transaction } = await settle(patient.url, request));
        if (isHex(transaction)) await rig.developer.dropTransaction({ hash: transaction });
      });
      const before = await witness(rig, payer.address);
      const fresh = await rig.start();
      expect(await settle(fresh.url, await rig.request(next))).toMatchObject({ success: true });
      const receipt = await settle(patient.url, request);
      expect(receipt).toMatchObject({ success: true });
      expect(receipt.transaction).not.toBe(transaction);
      expect(await witness(rig, payer.address)).toMatchObject({
        paid: before.paid - price,
        sent: before.sent + 2,
      });
    });
  });

  it("a facilitator that ended between recording and sending sends that same transaction after the restart", () =>
    withDatabase(async (databaseFile) => {
      const payer = await rig.newPayer();
      const request = await rig.request(payer);
      const before = await witness(rig, payer.address);
      let recorded = "";
      const endsAfterRecording: FacilitatorSteps = {
        ...facilitatorSteps,
        broadcast: (payment, desk) =>
          facilitatorSteps.broadcast(payment, {
            ...desk,
            records: {
              ...desk.records,
              broadcast(noted, transaction) {
                desk.records.broadcast(noted, transaction);
                recorded = transaction.hash;
                throw new Error("the process ends here");
              },
            },
          }),
      };
      const one = await rig.start({ databaseFile, steps: endsAfterRecording });
      await settle(one.url, request);
      await one.stop();
      expect(await witness(rig, payer.address)).toEqual(before);
      const other = await rig.start({ databaseFile });
      expect(await settle(other.url, request)).toMatchObject({ success: true, transaction: recorded });
      expect(await witness(rig, payer.address)).toMatchObject({
        paid: before.paid - price,
        sent: before.sent + 1,
      });
      await other.stop();
    }));
});
