import { describe, expect, test } from "vitest";
import { parseExactEvmPayload, toBase64Json, x402V1 } from "../protocol/index.ts";
import { buyerOf, countingSigner, failureOf, paymentsOf, sellerOf } from "./testing/buying.ts";
import { challengeWith, demandV1, goodEntry, goodEntryV1, type Scene } from "./testing/scripted-seller.ts";

const signer = countingSigner();

const receipt = {
  success: true,
  transaction: `0x${"ab".repeat(32)}`,
  network: "base-sepolia",
  payer: signer.address,
};
const delivers: Scene = (reply) =>
  reply.header("x-payment-response", toBase64Json(receipt)).send({ sunny: true });

describe("x402 v1", () => {
  test("is paid by X-PAYMENT with scheme, network and the whole price", async () => {
    const { origin, received } = await sellerOf({ unpaid: demandV1(goodEntryV1), paid: delivers });
    const outcome = await buyerOf({ signer }).pay(origin);
    expect(outcome).toMatchObject({
      kind: "paid",
      moneyMoved: "yes",
      requirements: goodEntry,
      receipt: { x402Version: 1, settlement: { success: true, network: "eip155:84532" } },
    });
    const headers = received[1]?.headers ?? {};
    expect(headers["payment-signature"]).toBeUndefined();
    const payment = x402V1.readPayment(headers);
    if (payment?.ok !== true) throw new Error("no v1 payment");
    const { payload, ...named } = payment.value;
    expect(named).toEqual({ x402Version: 1, scheme: "exact", network: "base-sepolia" });
    const exact = parseExactEvmPayload(payload);
    expect(exact).toMatchObject({
      ok: true,
      value: { authorization: { value: "1000", to: goodEntry.payTo } },
    });
  });

  test("is left alone when the 402 asks in v2, too", async () => {
    const { origin, received } = await sellerOf({
      unpaid: (reply, request) => {
        reply.header("payment-required", toBase64Json(challengeWith(goodEntry)));
        return demandV1(goodEntryV1)(reply, request);
      },
    });
    await buyerOf({ signer }).pay(origin);
    expect(received[1]?.headers).toMatchObject({ "payment-signature": expect.any(String) });
    expect(received[1]?.headers["x-payment"]).toBeUndefined();
  });

  test("refusals come with the reason in the body, which stays readable", async () => {
    const refusal: Scene = (reply) =>
      reply.code(402).send({ x402Version: 1, error: "insufficient_funds", accepts: [goodEntryV1] });
    const { origin } = await sellerOf({ unpaid: demandV1(goodEntryV1), paid: refusal });
    const failure = await failureOf(buyerOf({ signer }).pay(origin));
    expect(failure).toMatchObject({
      code: "payment-refused",
      moneyMoved: "no",
      reason: "insufficient_funds",
    });
    expect(await failure.response?.json()).toMatchObject({ error: "insufficient_funds" });
  });

  test.each<[string, Scene]>([
    ["of v2 in the body", (reply) => reply.code(402).send(challengeWith(goodEntry))],
    ["with a CAIP-2 network", demandV1({ ...goodEntryV1, network: "eip155:84532" })],
    ["with a network nobody knows", demandV1({ ...goodEntryV1, network: "moon" })],
    ["with an amount that is a number", demandV1({ ...goodEntryV1, maxAmountRequired: 1000 })],
    ["that is too large", demandV1({ ...goodEntryV1, description: "x".repeat(70_000) })],
    ["that is no JSON", (reply) => reply.code(402).send("pay me")],
    ["without entries", demandV1()],
  ])("a challenge %s is not paid", async (_, unpaid) => {
    const own = countingSigner();
    const seller = await sellerOf({ unpaid });
    expect((await failureOf(buyerOf({ signer: own }).pay(seller.origin))).moneyMoved).toBe("no");
    expect([own.signed, paymentsOf(seller)]).toEqual([0, []]);
  });

  test("a payment is presented again as it was after a restart of the purchase", async () => {
    const scenes: Scene[] = [(reply) => reply.code(503).send(), delivers];
    const seller = await sellerOf({
      unpaid: demandV1(goodEntryV1),
      paid: (reply, request) => scenes.shift()?.(reply, request),
    });
    const buyer = buyerOf({ signer });
    const request = { url: seller.origin, idempotencyKey: "k" };
    await failureOf(buyer.pay(request));
    expect(await buyer.pay(request)).toMatchObject({ kind: "paid" });
    expect(new Set(paymentsOf(seller)).size).toBe(1);
  });
});
