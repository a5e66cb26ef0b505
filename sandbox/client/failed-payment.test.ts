import { beforeEach, describe, expect, test } from "vitest";
import type { BuyerOptions } from "./buyer.ts";
import { pay } from "./pay.ts";
import type { PaymentError } from "./payment-error.ts";
import type { PaymentErrorCode } from "./payment-errors.ts";
import type { RequestToPay } from "./request.ts";
import type { Signer } from "./signer.ts";
import { countingSigner, failureOf, sellerOf } from "./testing/buying.ts";
import {
  answer,
  challengeWith,
  demand,
  goodEntry,
  goodReceipt,
  hangUp,
  type Script,
  startScriptedSeller,
} from "./testing/scripted-seller.ts";

let signer: ReturnType<typeof countingSigner>;
beforeEach(() => {
  signer = countingSigner();
});

function failure(request: RequestToPay, options: Partial<BuyerOptions> = {}): Promise<PaymentError> {
  return failureOf(pay(request, { signer, ...options }));
}

describe("a failed payment", () => {
  const failed = { ...goodReceipt, success: false, transaction: "" };
  const refusal = { ...challengeWith(goodEntry), error: "insufficient_funds" };

  test.each<[string, Script["paid"], PaymentErrorCode, string, string | undefined]>([
    ["a second 402", demand(refusal), "payment-refused", "no", "insufficient_funds"],
    [
      "a 402 with a receipt that cannot be read",
      (reply) => reply.code(402).header("payment-response", "%").send(),
      "payment-refused",
      "maybe",
      undefined,
    ],
    [
      "a 402 after a failed settlement",
      answer(402, {}, { ...failed, errorReason: "invalid_transaction_state" }),
      "settlement-failed",
      "no",
      "invalid_transaction_state",
    ],
    [
      "a reason nobody knows",
      answer(402, {}, { ...failed, errorReason: "moon_phase" }),
      "settlement-failed",
      "no",
      "moon_phase",
    ],
    [
      "a pending settlement",
      answer(402, {}, { ...failed, transaction: goodReceipt.transaction, errorReason: "settlement_pending" }),
      "settlement-pending",
      "maybe",
      "settlement_pending",
    ],
    [
      "a 402 that says settled",
      answer(402, {}, goodReceipt),
      "upstream-failed-after-payment",
      "yes",
      undefined,
    ],
    ["a 400", answer(400, {}), "payment-refused", "maybe", undefined],
    ["a 503", answer(503, {}), "upstream-failed-after-payment", "maybe", undefined],
    ["a 500 with a receipt", answer(500, {}, goodReceipt), "upstream-failed-after-payment", "yes", undefined],
  ])("by %s is reported, and nothing more is signed", async (_, paid, code, moneyMoved, reason) => {
    const { origin, received } = await sellerOf(paid === undefined ? {} : { paid });
    const error = await failure(origin);
    expect(error).toMatchObject({ code, moneyMoved, reason, requirements: goodEntry });
    expect(error.payment).toEqual(received[1]?.payment);
    expect(error.response?.bodyUsed).toBe(false);
    expect(error.next).not.toBe("");
    expect([received.length, signer.signed]).toEqual([2, 1]);
  });

  test("by a lost connection has an unknown outcome and keeps the payment", async () => {
    const { origin, received } = await sellerOf({ paid: hangUp });
    const error = await failure(origin);
    expect(error).toMatchObject({ code: "outcome-unknown", moneyMoved: "maybe" });
    expect(error.payment).toEqual(received[1]?.payment);
    const presented = received.flatMap(({ payment }) => (payment ? [payment] : []));
    expect(presented).toEqual([error.payment, error.payment]);
    expect(signer.signed).toBe(1);
  });

  test("by a seller that is not there is no payment", async () => {
    const { origin, close } = await startScriptedSeller();
    await close();
    expect(await failure(origin)).toMatchObject({ code: "network-error", moneyMoved: "no" });
  });

  test.each<[string, Signer["signTypedData"]]>([
    ["refuses", () => Promise.reject(new Error("user said no"))],
    ["answers nothing", async () => "0x"],
  ])("by a signer that %s sends nothing", async (_, signTypedData) => {
    const { origin, received } = await sellerOf();
    const error = await failure(origin, { signer: { address: signer.address, signTypedData } });
    expect(error).toMatchObject({ code: "signing-failed", moneyMoved: "no" });
    expect(received.length).toBe(1);
  });

  test("quotes at most 300 characters of the seller's words, control characters escaped", async () => {
    const { origin } = await sellerOf({
      paid: demand({ ...refusal, error: `\u001b[31m${"x".repeat(1000)}` }),
    });
    const error = await failure(origin);
    expect(error.reason?.length).toBe(300);
    expect(error.message).not.toContain("\u001b");
  });
});
