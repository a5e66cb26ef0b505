import { privateKeyToAccount } from "viem/accounts";
import { expect, onTestFinished, test } from "vitest";
import { namedAccounts } from "../chain/index.ts";
import { pay } from "./pay.ts";
import { type ClientSteps, clientSteps } from "./steps.ts";
import { paymentsOf } from "./testing/buying.ts";
import { challengeWith, demand, goodEntry, hangUp, startScriptedSeller } from "./testing/scripted-seller.ts";

const signer = privateKeyToAccount(namedAccounts.payer.privateKey);

test("a client that differs in one step replaces that one", async () => {
  const seller = await startScriptedSeller();
  onTestFinished(() => seller.close());
  const overpaying: ClientSteps = {
    ...clientSteps,
    authorize: (choice, payer, now) => ({ ...clientSteps.authorize(choice, payer, now), value: "2000" }),
  };
  await pay(seller.origin, { signer }, overpaying);
  const [, paid] = seller.received;
  expect(paid?.payment?.payload).toMatchObject({ authorization: { value: "2000" } });
  expect(paid?.signatureIsValid).toBe(true);
});

test("a client that checks no policy pays any price: nothing else stands in for that step", async () => {
  const expensive = demand(challengeWith({ ...goodEntry, amount: "9000000" }));
  const seller = await startScriptedSeller({ unpaid: expensive });
  onTestFinished(() => seller.close());
  const careless: ClientSteps = { ...clientSteps, checkPolicy: () => undefined };
  expect(await pay(seller.origin, { signer }, careless)).toMatchObject({ kind: "paid" });
});

test("a client that signs another payment after a lost answer sends two", async () => {
  const seller = await startScriptedSeller({ paid: hangUp });
  onTestFinished(() => seller.close());
  const rash: ClientSteps = {
    ...clientSteps,
    retry: async ({ made, signAnother }) => (made === 1 ? signAnother?.() : undefined),
  };
  await expect(pay(seller.origin, { signer }, rash)).rejects.toMatchObject({ code: "outcome-unknown" });
  expect(new Set(paymentsOf(seller)).size).toBe(2);
});
