import {
  appendPaymentIdentifierToExtensions,
  isPaymentIdentifierRequired,
} from "@x402/extensions/payment-identifier";
import { describe, expect, test } from "vitest";
import { namedAccounts } from "../../chain/index.ts";
import type { PaymentPayload } from "../../protocol/index.ts";
import { referenceExtensions } from "../routes.ts";
import { challengeOf, receiptOf, signedPayment } from "../testing/buyer.ts";
import { failed, type Script, settled } from "../testing/scripted-facilitator.ts";
import { openShop, type Shop } from "../testing/shop.ts";

const weather = "/weather?city=Rome";
const id = "order-2f9c1e70-a1b2";

function open(scripts: Parameters<typeof openShop>[0] = {}) {
  return openShop(scripts, { extensions: referenceExtensions(namedAccounts.seller.privateKey) });
}

/** A payment whose echo the official package has given an id. */
async function signWithId(shop: Shop, path: string, paymentId = id): Promise<PaymentPayload> {
  const challenge = challengeOf(await shop.ask(path));
  const payment = await signedPayment(challenge, namedAccounts.payer.privateKey);
  return {
    ...payment,
    extensions: appendPaymentIdentifierToExtensions({ ...challenge.extensions }, paymentId),
  };
}

function withId(payment: PaymentPayload, info: unknown): PaymentPayload {
  return { ...payment, extensions: { "payment-identifier": { info, schema: {} } } };
}

test("the challenge offers it as the official package reads it, and requires it for a ticket only", async () => {
  const shop = await open();
  for (const [path, required] of [
    [weather, false],
    ["/ticket", true],
  ] as const) {
    const { extensions } = challengeOf(await shop.ask(path));
    expect(isPaymentIdentifierRequired(extensions?.["payment-identifier"])).toBe(required);
  }
});

test("the same payment again gets the same answer and costs nothing", async () => {
  const shop = await open();
  const payment = await signWithId(shop, "/ticket");
  const first = await shop.pay("/ticket", payment);
  const again = await shop.pay("/ticket", payment);
  expect(first.status).toBe(200);
  expect(again).toMatchObject({ status: 200, body: first.body });
  expect(receiptOf(again)).toEqual(receiptOf(first));
  expect(shop.work).toHaveLength(1);
  expect(shop.facilitator.count("settle")).toBe(1);
});

test("eight at once are one sale with one answer", async () => {
  const shop = await open();
  const payment = await signWithId(shop, "/ticket");
  const answers = await Promise.all(Array.from({ length: 8 }, () => shop.pay("/ticket", payment)));
  expect(new Set(answers.map(({ status, body }) => `${status} ${body}`)).size).toBe(1);
  expect(shop.work).toHaveLength(1);
});

test("another payment under the id is a conflict, whoever makes it and whether or not the first is done", async () => {
  const shop = await open();
  const payment = await signWithId(shop, weather);
  const stranger = { ...payment, payload: { ...payment.payload, signature: `0x${"11".repeat(65)}` } };
  const [first, during] = await Promise.all([shop.pay(weather, payment), shop.pay(weather, stranger)]);
  expect([first.status, during.status]).toEqual([200, 409]);
  for (const other of [stranger, await signWithId(shop, weather)]) {
    const answer = await shop.pay(weather, other);
    expect(answer.status).toBe(409);
    expect(answer.body).not.toContain("Rome");
  }
  expect(shop.facilitator.count("settle")).toBe(1);
});

test("what was not delivered can be tried again", async () => {
  const shop = await open({ settle: [failed, settled] });
  const payment = await signWithId(shop, weather);
  expect((await shop.pay(weather, payment)).status).toBe(402);
  expect((await shop.pay(weather, payment)).status).toBe(200);
});

test("a sale that breaks down is forgotten", async () => {
  const hangUp: Script = (reply) => {
    reply.hijack();
    reply.raw.destroy();
  };
  const shop = await open({ settle: [hangUp, settled] });
  const payment = await signWithId(shop, weather);
  expect((await shop.pay(weather, payment)).status).toBe(503);
  expect((await shop.pay(weather, payment)).status).toBe(200);
  expect(shop.work).toHaveLength(1);
});

describe("what is no id is refused with 400", () => {
  test.each([
    ["too short", { required: false, id: "a".repeat(15) }],
    ["too long", { required: false, id: "a".repeat(129) }],
    ["of other characters", { required: false, id: "sixteen-letters!!" }],
    ["a number", { required: false, id: 1234567890123456 }],
  ])("%s", async (_flaw, info) => {
    const shop = await open();
    const answer = await shop.pay(weather, withId(await shop.sign(weather), info));
    expect(answer.status).toBe(400);
    expect(challengeOf(answer).error).toContain("payment-identifier");
    expect(shop.facilitator.calls).toEqual([]);
  });

  test("and so is none where one is required", async () => {
    const shop = await open();
    const payment = await shop.sign("/ticket");
    expect((await shop.pay("/ticket", payment)).status).toBe(400);
    expect((await shop.pay("/ticket", withId(payment, { required: true }))).status).toBe(400);
    expect(shop.facilitator.calls).toEqual([]);
  });
});

test.each([
  ["overwritten", { required: true }],
  ["deleted", { id }],
])("an echo with `required` %s is refused", async (_change, info) => {
  const shop = await open();
  const answer = await shop.pay(weather, withId(await shop.sign(weather), info));
  expect(answer.status).toBe(402);
  expect(challengeOf(answer).error).toBe(
    "extensions.payment-identifier.info.required differs from what this request costs",
  );
});
