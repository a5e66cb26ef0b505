import { privateKeyToAccount } from "viem/accounts";
import { expect, onTestFinished, test } from "vitest";
import { namedAccounts } from "../chain/index.ts";
import { pay } from "./pay.ts";
import { type ClientSteps, clientSteps } from "./steps.ts";
import { startScriptedSeller } from "./testing/scripted-seller.ts";

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
