import { describe, expect, test } from "vitest";
import { namedAccounts } from "../chain/index.ts";
import { challengeOf, receiptOf } from "./testing/buyer.ts";
import {
  failed,
  pending,
  type Script,
  scriptedFacilitator,
  settled,
  transaction,
  valid,
} from "./testing/scripted-facilitator.ts";
import { openShop, terms } from "./testing/shop.ts";

const weather = "/weather?city=Rome";
const secret = "connect ECONNREFUSED 10.1.2.3:5432 at Pool.connect (/srv/db.js:10:3)";
const network = "eip155:84532";
const payer = namedAccounts.payer.address;

const hangUp: Script = (reply) => void reply.hijack().raw.destroy();
const hang: Script = (reply) => void reply.hijack();
const status =
  (code: number, body: unknown): Script =>
  (reply) =>
    reply.code(code).send(body);
const text =
  (body: string, type = "application/json"): Script =>
  (reply) =>
    reply.type(type).send(body);

describe("a payment that the facilitator calls invalid", () => {
  test.each([
    [
      "with status 200",
      status(200, { isValid: false, invalidReason: "insufficient_funds" }),
      "insufficient_funds",
    ],
    ["with status 400", status(400, { isValid: false, invalidReason: "invalid_network" }), "invalid_network"],
    ["without a reason", status(200, { isValid: false }), "unexpected_verify_error"],
    ["with internal text", status(200, { isValid: false, invalidReason: secret }), "unexpected_verify_error"],
  ])("%s is refused with 402, the reason and no work", async (_name, script, reason) => {
    const shop = await openShop({ verify: [script] });
    const answer = await shop.pay(weather, await shop.sign(weather));
    expect(answer).toMatchObject({ status: 402, body: "{}" });
    expect(challengeOf(answer).error).toBe(reason);
    expect(shop.work).toEqual([]);
    expect(shop.facilitator.count("settle")).toBe(0);
  });

  test("may be sent again once it is good", async () => {
    const shop = await openShop({ verify: [status(200, { isValid: false }), valid] });
    const payment = await shop.sign(weather);
    expect((await shop.pay(weather, payment)).status).toBe(402);
    expect((await shop.pay(weather, payment)).status).toBe(200);
  });
});

describe("a facilitator that gives no opinion", () => {
  test.each<[string, Script, number]>([
    ["hangs up", hangUp, 503],
    ["answers 500", status(500, { isValid: true, error: secret }), 502],
    ["answers with a page", text("<html>Welcome</html>", "text/html"), 502],
    ["answers half", text('{"isValid":tr'), 502],
    ["answers nothing", text(""), 502],
    ["answers null", text("null"), 502],
    ["leaves out isValid", status(200, { payer: terms.payTo }), 502],
    ["says isValid as text", status(200, { isValid: "true" }), 502],
    ["contradicts its status", status(400, { isValid: true }), 502],
    ["redirects", (reply) => reply.redirect("/elsewhere"), 502],
  ])("and %s is a 5xx without work, charge or internal text", async (_name, script, expected) => {
    const shop = await openShop({ verify: [script, valid] });
    const payment = await shop.sign(weather);
    const answer = await shop.pay(weather, payment);
    expect(answer.status).toBe(expected);
    expect(answer.body).not.toContain("10.1.2.3");
    expect(shop.work).toEqual([]);
    expect(shop.facilitator.count("settle")).toBe(0);
    expect((await shop.pay(weather, payment)).status).toBe(200);
  });

  test("and hangs is 504 after the time that was given", async () => {
    const shop = await openShop({ verify: [hang] }, { facilitatorTimeouts: { verify: 50, settle: 50 } });
    expect((await shop.pay(weather, await shop.sign(weather))).status).toBe(504);
    expect(shop.work).toEqual([]);
  });

  test("and is not there is 503", async () => {
    const gone = await scriptedFacilitator();
    await gone.stop();
    const shop = await openShop({}, { facilitatorUrl: gone.url });
    expect((await shop.pay(weather, await shop.sign(weather))).status).toBe(503);
  });
});

describe("a handler that fails", () => {
  test("is answered with its own status and costs nothing", async () => {
    const shop = await openShop();
    const payment = await shop.sign("/flaky?fail=true");
    const answer = await shop.pay("/flaky?fail=true", payment);
    expect(answer).toMatchObject({ status: 502, body: '{"error":"upstream failed"}' });
    expect(answer.headers).not.toHaveProperty("payment-response");
    expect(shop.work).toHaveLength(1);
    expect(shop.facilitator.count("settle")).toBe(0);
    expect((await shop.pay("/flaky?fail=true", payment)).status).toBe(502);
  });
});

describe("a settlement that fails", () => {
  test.each([200, 400])("with status %i is a 402 with the receipt and nothing of the goods", async (code) => {
    const refusal = { success: false, errorReason: "invalid_transaction_state", transaction, network };
    const shop = await openShop({ settle: [status(code, refusal)] });
    const answer = await shop.pay(weather, await shop.sign(weather));
    expect(answer).toMatchObject({ status: 402, body: "" });
    expect(receiptOf(answer)).toEqual({ ...refusal, payer });
    expect(answer.headers).not.toHaveProperty("payment-required");
    expect(shop.work).toHaveLength(1);
  });

  test("shows no internal text", async () => {
    const refusal = {
      success: false,
      errorReason: secret,
      errorMessage: secret,
      transaction: "",
      network: "",
    };
    const shop = await openShop({ settle: [status(200, refusal)] });
    const receipt = receiptOf(await shop.pay(weather, await shop.sign(weather)));
    expect(receipt).toEqual({
      payer,
      success: false,
      errorReason: "unexpected_settle_error",
      transaction: "",
      network,
    });
  });

  test("leaves the payment usable", async () => {
    const shop = await openShop({
      settle: [
        status(200, { success: false, errorReason: "insufficient_funds", transaction: "", network }),
        settled,
      ],
    });
    const payment = await shop.sign(weather);
    expect((await shop.pay(weather, payment)).status).toBe(402);
    expect((await shop.pay(weather, payment)).status).toBe(200);
  });
});

describe("a settlement that is pending", () => {
  test("is asked about once more", async () => {
    const shop = await openShop({ settle: [pending, settled] });
    expect((await shop.pay(weather, await shop.sign(weather))).status).toBe(200);
    expect(shop.facilitator.count("settle")).toBe(2);
  });

  test("is reported with its transaction, and the same payment gets the goods once it is settled", async () => {
    const shop = await openShop({ settle: [pending, pending, settled] });
    const payment = await shop.sign(weather);
    const open = await shop.pay(weather, payment);
    expect(open).toMatchObject({ status: 402, body: "" });
    expect(receiptOf(open)).toEqual({
      payer,
      success: false,
      errorReason: "settlement_pending",
      transaction,
      network,
    });
    expect(shop.facilitator.count("settle")).toBe(2);

    const answers = [await shop.pay(weather, payment), await shop.pay(weather, payment)];
    expect(answers.map((answer) => answer.status)).toEqual([200, 402]);
    expect(JSON.parse(answers[0]?.body ?? "")).toMatchObject({ city: "Rome" });
    expect(shop.work).toHaveLength(1);
    expect(shop.facilitator.count("verify")).toBe(1);
  });

  test.each<[string, Script]>([
    ["is lost", hangUp],
    ["is a failure that names no transaction", failed],
  ])("keeps its transaction when the second answer %s", async (_, second) => {
    const shop = await openShop({ settle: [pending, second] });
    const answer = await shop.pay(weather, await shop.sign(weather));
    expect(receiptOf(answer)).toMatchObject({ errorReason: "settlement_pending", transaction });
  });
});

describe("a settlement whose outcome is not known", () => {
  test.each<[string, Script, number]>([
    ["lost", hangUp, 503],
    ["500", status(500, { error: secret }), 502],
    ["a page", text("<html></html>", "text/html"), 502],
    ["without a transaction", status(200, { success: true, network }), 502],
    ["with an empty transaction", status(200, { success: true, transaction: "", network }), 502],
    ["on another network", status(200, { success: true, transaction, network: "eip155:1" }), 502],
    ["in contradiction to its status", status(400, { success: true, transaction, network }), 502],
  ])(
    "(%s) is a 5xx without goods or receipt; the same payment gets the goods later",
    async (_name, script, expected) => {
      const shop = await openShop({ settle: [script, settled] });
      const payment = await shop.sign(weather);
      const answer = await shop.pay(weather, payment);
      expect(answer.status).toBe(expected);
      expect(answer.body).not.toMatch(/Rome|10\.1\.2\.3/);
      expect(answer.headers).not.toHaveProperty("payment-response");
      const again = await Promise.all([shop.pay(weather, payment), shop.pay(weather, payment)]);
      expect(again.map((one) => one.status).sort()).toEqual([200, 402]);
      expect(shop.work).toHaveLength(1);
    },
  );

  test('with network:"" is settled on the seller\'s network', async () => {
    const shop = await openShop({ settle: [status(200, { success: true, transaction, network: "" })] });
    expect(receiptOf(await shop.pay(weather, await shop.sign(weather))).network).toBe(network);
  });
});
