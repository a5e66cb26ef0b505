import { expect, test } from "vitest";
import { namedAccounts } from "../chain/index.ts";
import { exactEvmPayloadSchema } from "../protocol/index.ts";
import { challengeOf, signedPayment } from "./testing/buyer.ts";
import { pending, type Script, settled } from "./testing/scripted-facilitator.ts";
import { openShop } from "./testing/shop.ts";

const weather = "/weather?city=Rome";

test("a settled payment buys nothing the second time", async () => {
  const shop = await openShop();
  const payment = await shop.sign(weather);
  expect((await shop.pay(weather, payment)).status).toBe(200);
  const again = await shop.pay(weather, payment);
  expect(again).toMatchObject({ status: 402, body: "{}" });
  expect(challengeOf(again).error).toBe("this payment was used before");
  expect(shop.facilitator.calls).toHaveLength(2);
});

test("of eight at once one is served, and the work runs once", async () => {
  const shop = await openShop();
  const payment = await shop.sign(weather);
  const answers = await Promise.all(Array.from({ length: 8 }, () => shop.pay(weather, payment)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(402)]);
  expect(shop.work).toHaveLength(1);
  expect(shop.facilitator.count("settle")).toBe(1);
});

test("a settled authorization buys no other request, however it is wrapped", async () => {
  const shop = await openShop();
  const forRome = await shop.sign(weather);
  const forOslo = await shop.sign("/weather?city=Oslo");
  expect((await shop.pay(weather, forRome)).status).toBe(200);
  const { signature, authorization } = exactEvmPayloadSchema.parse(forRome.payload);
  const spelledOtherwise = {
    signature,
    authorization: { ...authorization, from: authorization.from.toLowerCase() },
  };
  for (const payload of [forRome.payload, spelledOtherwise]) {
    expect((await shop.pay("/weather?city=Oslo", { ...forOslo, payload })).status).toBe(402);
  }
  expect(shop.work).toHaveLength(1);
});

test("a payment whose settlement is open buys no other request", async () => {
  const shop = await openShop({ settle: [pending, pending, settled] });
  const forRome = await shop.sign(weather);
  const forOslo = await shop.sign("/weather?city=Oslo");
  await shop.pay(weather, forRome);
  expect((await shop.pay("/weather?city=Oslo", { ...forOslo, payload: forRome.payload })).status).toBe(402);
  expect((await shop.pay(weather, forRome)).status).toBe(200);
  expect(shop.work).toHaveLength(1);
});

test("payments of different nonces do not hinder each other", async () => {
  const meeting = Promise.withResolvers<void>();
  let waiting = 0;
  const together: Script = async () => {
    waiting += 1;
    if (waiting === 2) meeting.resolve();
    await meeting.promise;
    return { isValid: true };
  };
  const shop = await openShop({ verify: [together] });
  const challenge = challengeOf(await shop.ask(weather));
  const payments = await Promise.all(
    [1, 2].map(() => signedPayment(challenge, namedAccounts.payer.privateKey)),
  );
  const answers = await Promise.all(payments.map((payment) => shop.pay(weather, payment)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
});
