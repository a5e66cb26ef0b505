import { privateKeyToAccount } from "viem/accounts";
import { expect, onTestFinished, test } from "vitest";
import { startChain } from "../chain/index.ts";
import { startFacilitator } from "../facilitator/index.ts";
import { toBase64Json } from "../protocol/index.ts";
import { pay } from "./pay.ts";
import { goodEntry, type Scene, startScriptedSeller } from "./testing/scripted-seller.ts";

/** Settles with the facilitator, then delivers with its receipt. */
function settleAndDeliver(facilitatorUrl: string): Scene {
  return async (reply, { payment }) => {
    const settled = await fetch(`${facilitatorUrl}/settle`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ x402Version: 2, paymentPayload: payment, paymentRequirements: goodEntry }),
    });
    return reply.header("payment-response", toBase64Json(await settled.json())).send({ sunny: true });
  };
}

test("a payment moves exactly the price from payer to payTo", async () => {
  const chain = await startChain();
  onTestFinished(() => chain.stop());
  const facilitator = await startFacilitator({
    rpcUrl: chain.rpcUrl,
    privateKey: chain.accounts.facilitator.privateKey,
  });
  onTestFinished(() => facilitator.stop());
  const seller = await startScriptedSeller({ paid: settleAndDeliver(facilitator.url) });
  onTestFinished(() => seller.close());
  const { payer, seller: payee } = chain.accounts;
  const balances = () =>
    Promise.all([payer.address, payee.address].map((account) => chain.ledger.balanceOf(account)));
  const [payerBefore = 0n, payeeBefore = 0n] = await balances();

  const outcome = await pay(seller.origin, { signer: privateKeyToAccount(payer.privateKey) });

  if (outcome.kind !== "paid") throw new Error(outcome.kind);
  expect(outcome.receipt).toMatchObject({ success: true, payer: payer.address });
  expect(await balances()).toEqual([payerBefore - 1000n, payeeBefore + 1000n]);
});
