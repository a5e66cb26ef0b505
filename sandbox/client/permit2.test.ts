import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createWalletClient, http, parseEther } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { derivePayer, developerOf, minedReceipt } from "../chain/index.ts";
import { settleResponseSchema, toBase64Json } from "../protocol/index.ts";
import { type Sandbox, startSandbox } from "../sandbox.ts";
import type { BuyerOptions } from "./buyer.ts";
import { permit2Approval } from "./permit2-approval.ts";
import { buyerOf, countingSigner, failureOf, paymentsOf, readyFor, sellerOf } from "./testing/buying.ts";
import {
  answer,
  challengeWith,
  demand,
  goodEntry,
  goodReceipt,
  hangUp,
  type Received,
  type Scene,
} from "./testing/scripted-seller.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

const byPermit2 = { ...goodEntry, extra: { assetTransferMethod: "permit2" } };

function uptoEntry() {
  const facilitatorAddress = sandbox.description.accounts.facilitator.address;
  return { ...goodEntry, scheme: "upto", extra: { ...goodEntry.extra, facilitatorAddress } };
}

/** Settles what was paid with the sandbox's facilitator, `charge` atomic units of it, and delivers. */
function settling(charge?: string): Scene {
  return async (reply, { payment }: Received) => {
    const { accepted } = payment ?? {};
    const response = await fetch(`${sandbox.description.facilitatorUrl}/settle`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        x402Version: 2,
        paymentPayload: payment,
        paymentRequirements: { ...accepted, amount: charge ?? accepted?.amount },
      }),
    });
    const settlement = settleResponseSchema.parse(await response.json());
    if (!settlement.success) return reply.code(412).send({ error: settlement.errorReason });
    return reply.header("payment-response", toBase64Json(settlement)).send({ sunny: true });
  };
}

/** A buyer with an account of its own that holds 0.01 USDC and gas. */
async function fundedBuyer(label: string, options: BuyerOptions = {}) {
  const { rpcUrl, network, asset } = sandbox.description;
  const account = privateKeyToAccount(derivePayer("permit2", label).privateKey);
  await sandbox.chain.fund(account.address, 10_000n);
  const developer = developerOf(rpcUrl);
  await developer.setBalance({ address: account.address, value: parseEther("1") });
  const allow = async (amount?: bigint) => {
    const wallet = createWalletClient({ account, transport: http(rpcUrl) });
    const hash = await wallet.sendTransaction({ ...permit2Approval(asset, amount), chain: null });
    await minedReceipt(developer, hash);
  };
  const buyer = buyerOf({ signer: account, rpcUrls: { [network]: rpcUrl }, ...options });
  return { buyer, allow, balance: () => sandbox.chain.ledger.balanceOf(account.address) };
}

describe("exact by Permit2", () => {
  test("moves the price once there is an allowance, and the chain confirms it", async () => {
    const { origin } = await sellerOf({ unpaid: demand(challengeWith(byPermit2)), paid: settling() });
    const { buyer, allow, balance } = await fundedBuyer("exact");
    await allow();
    const paid = await buyer.pay(origin);
    if (paid.kind !== "paid") throw new Error(paid.kind);
    expect(paid).toMatchObject({ moneyMoved: "yes", receipt: { method: "permit2", amount: "1000" } });
    expect(await balance()).toBe(9_000n);
    const { transaction } = paid.receipt;
    expect(await buyer.lookup(paid.receipt)).toMatchObject({ state: "confirmed", transaction });
    const neverUsed = { ...paid.receipt, nonce: `0x${"12".repeat(32)}` } as const;
    expect(await buyer.lookup(neverUsed)).toMatchObject({ state: "provisional" });
    expect(await buyer.lookup({ ...neverUsed, validBefore: "1" })).toEqual({ state: "void" });
  });

  test("without an allowance is told so, and the same permit pays once it is given", async () => {
    const seller = await sellerOf({ unpaid: demand(challengeWith(byPermit2)), paid: settling() });
    const { buyer, allow, balance } = await fundedBuyer("no allowance");
    const request = { url: seller.origin, idempotencyKey: "k" };
    const refusal = await failureOf(buyer.pay(request));
    expect(refusal).toMatchObject({ code: "permit2-allowance-required", moneyMoved: "no" });
    expect(await balance()).toBe(10_000n);
    await allow(1_000n);
    expect(await buyer.pay(request)).toMatchObject({ kind: "paid" });
    expect(await balance()).toBe(9_000n);
    expect(new Set(paymentsOf(seller)).size).toBe(1);
  });

  test.each([
    ["in the challenge", 412, { headers: "PERMIT2_ALLOWANCE_REQUIRED" }],
    ["in lower case, with 402", 402, { headers: "permit2_allowance_required" }],
    ["in the body", 412, { body: "PERMIT2_ALLOWANCE_REQUIRED" }],
  ])("the need of an allowance may be told %s", async (_, status, { headers: error, body }: Told) => {
    const paid: Scene = (reply) => {
      if (error !== undefined)
        reply.header("payment-required", toBase64Json({ ...challengeWith(byPermit2), error }));
      return reply.code(status).send({ code: body });
    };
    const seller = await sellerOf({ unpaid: demand(challengeWith(byPermit2)), paid });
    const signer = countingSigner();
    const refusal = await failureOf(buyerOf({ signer }).pay(seller.origin));
    expect(refusal).toMatchObject({ code: "permit2-allowance-required", moneyMoved: "no" });
    expect(paymentsOf(seller)).toHaveLength(1);
    expect(signer.signed).toBe(1);
  });

  test("a receipt that money moved counts more than the word of a missing allowance", async () => {
    const paid = answer(412, { error: "PERMIT2_ALLOWANCE_REQUIRED" }, goodReceipt);
    const { origin } = await sellerOf({ unpaid: demand(challengeWith(byPermit2)), paid });
    expect(await failureOf(buyerOf({ signer: countingSigner() }).pay(origin))).toMatchObject({
      code: "upstream-failed-after-payment",
      moneyMoved: "yes",
    });
  });

  test("is left for EIP-3009 at the same price, unless it is preferred", async () => {
    const { origin } = await sellerOf({ unpaid: demand(challengeWith(byPermit2, uptoEntry(), goodEntry)) });
    const signer = countingSigner();
    expect(await readyFor(buyerOf({ signer }), origin)).toMatchObject({ requirements: goodEntry });
    const preferences = [{ scheme: "upto" }, { scheme: "exact" }] as const;
    expect(await readyFor(buyerOf({ signer, preferences }), origin)).toMatchObject({
      requirements: { scheme: "upto" },
    });
    const dearer = { ...goodEntry, amount: "1001" };
    const { origin: other } = await sellerOf({ unpaid: demand(challengeWith(byPermit2, dearer)) });
    expect(await readyFor(buyerOf({ signer }), other)).toMatchObject({ requirements: byPermit2 });
  });
});

describe("upto", () => {
  test("is charged in part; receipt and budget go by what was charged", async () => {
    const { origin } = await sellerOf({ unpaid: demand(challengeWith(uptoEntry())), paid: settling("400") });
    const { buyer, allow, balance } = await fundedBuyer("upto", { maxPerOrigin: 1_500n });
    await allow();
    const receipt = { amount: "400", maxAmount: "1000" };
    expect(await buyer.pay(origin)).toMatchObject({ kind: "paid", moneyMoved: "yes", receipt });
    expect(await buyer.pay(origin)).not.toHaveProperty("receipt.complaint");
    expect(await balance()).toBe(9_200n);
    expect(await failureOf(buyer.pay(origin))).toMatchObject({ code: "over-budget" });
  });

  test("that costs nothing moves nothing, and counts with its maximum while it could be charged", async () => {
    const { origin } = await sellerOf({ unpaid: demand(challengeWith(uptoEntry())), paid: settling("0") });
    const { buyer, allow, balance } = await fundedBuyer("nothing", { maxPerOrigin: 1_500n });
    await allow();
    expect(await buyer.pay(origin)).toMatchObject({ moneyMoved: "no", receipt: { amount: "0" } });
    expect(await balance()).toBe(10_000n);
    expect(await failureOf(buyer.pay(origin))).toMatchObject({ code: "over-budget" });
  });

  test.each([
    ["1001", /says that 1001 .* 1000 were signed/],
    ["pay 5000", /no number/],
  ])("a receipt of %s is told as wrong", async (amount, complaint) => {
    const paid = answer(200, { sunny: true }, { ...goodReceipt, amount });
    const { origin } = await sellerOf({ unpaid: demand(challengeWith(uptoEntry())), paid });
    expect(await buyerOf({ signer: countingSigner() }).pay(origin)).toMatchObject({
      receipt: { amount: "1000", maxAmount: "1000", complaint: expect.stringMatching(complaint) },
    });
  });

  test("its maximum is held against the limit", async () => {
    const dear = { ...uptoEntry(), amount: "1000001" };
    const { origin } = await sellerOf({ unpaid: demand(challengeWith(dear)) });
    expect(await failureOf(buyerOf({ signer: countingSigner() }).pay(origin))).toMatchObject({
      code: "over-limit",
    });
  });

  test.each([undefined, "0x12", 7, null])(
    "is not paid with %s for its facilitator",
    async (facilitatorAddress) => {
      const entry = { ...goodEntry, scheme: "upto", extra: { ...goodEntry.extra, facilitatorAddress } };
      const { origin } = await sellerOf({ unpaid: demand(challengeWith(entry)) });
      const signer = countingSigner();
      const refusal = await failureOf(buyerOf({ signer }).pay(origin));
      expect(refusal).toMatchObject({ code: "no-supported-requirement", moneyMoved: "no" });
      expect(refusal.message).toContain("facilitatorAddress");
      expect(signer.signed).toBe(0);
    },
  );

  test("is remembered over a restart, and presented again", async () => {
    const recordsFile = join(await mkdtemp(join(tmpdir(), "x402-assay-")), "records.sqlite");
    let paid: Scene = hangUp;
    const seller = await sellerOf({
      unpaid: demand(challengeWith(uptoEntry())),
      paid: (...request) => paid(...request),
    });
    const request = { url: seller.origin, idempotencyKey: "k" };
    const signer = countingSigner();
    const first = buyerOf({ signer, recordsFile, resends: 0 });
    expect(await failureOf(first.pay(request))).toMatchObject({ code: "outcome-unknown" });
    first.close();
    paid = answer(200, { sunny: true }, { ...goodReceipt, amount: "7" });
    const second = buyerOf({ signer, recordsFile });
    expect(second.unresolved()).toMatchObject([{ method: "permit2", amount: "1000", maxAmount: "1000" }]);
    expect(await second.pay(request)).toMatchObject({ receipt: { amount: "7" } });
    expect(signer.signed).toBe(1);
  });
});

interface Told {
  readonly headers?: string;
  readonly body?: string;
}
