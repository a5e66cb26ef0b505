import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { toBase64Json } from "../protocol/index.ts";
import { payingFetch } from "./buyer.ts";
import { buyerOf, countingSigner, failureOf, paymentsOf, readyFor, sellerOf } from "./testing/buying.ts";
import {
  answer,
  challengeWith,
  demand,
  goodEntry,
  goodReceipt,
  hangUp,
  type Scene,
} from "./testing/scripted-seller.ts";

/** Plays one scene after the other; the last one stays. */
function inTurn(...scenes: Scene[]): Scene {
  return (reply, received) => (scenes.length > 1 ? scenes.shift() : scenes[0])?.(reply, received);
}

const delivers = answer(200, { sunny: true }, goodReceipt);
const refuses = demand({ ...challengeWith(goodEntry), error: "already used" });

async function recordsFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "buyer-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, "payments.sqlite");
}

describe("prepare", () => {
  test("tells what would be paid and signs nothing", async () => {
    const signer = countingSigner();
    const { origin, received } = await sellerOf();
    const prepared = await buyerOf({ signer }).prepare(`${origin}/weather`);
    expect(prepared).toMatchObject({
      kind: "ready",
      requirements: goodEntry,
      amount: 1000n,
      nextAction: { action: "execute" },
    });
    expect([received.length, signer.signed]).toEqual([1, 0]);
  });

  test("hands on what is free", async () => {
    const { origin } = await sellerOf({ unpaid: answer(422, { error: "city is missing" }) });
    const prepared = await buyerOf({}).prepare(origin);
    if (prepared.kind !== "passthrough") throw new Error(prepared.kind);
    expect(prepared.nextAction.action).toBe("correct-request");
    expect(await prepared.response.json()).toEqual({ error: "city is missing" });
  });

  test("says why a price is not paid", async () => {
    const { origin } = await sellerOf({ unpaid: demand(challengeWith({ ...goodEntry, amount: "2000000" })) });
    expect(await buyerOf({}).prepare(origin)).toMatchObject({
      kind: "unpayable",
      error: { code: "over-limit", moneyMoved: "no" },
      nextAction: { action: "ask-owner" },
    });
  });
});

describe("execute", () => {
  test("pays once when it is called twice at the same time; both can read the answer", async () => {
    const signer = countingSigner();
    const seller = await sellerOf();
    const buyer = buyerOf({ signer });
    const prepared = await readyFor(buyer, seller.origin);
    const outcomes = await Promise.all([1, 2, 3].map(() => buyer.execute(prepared)));
    for (const { response } of outcomes) expect(await response.json()).toEqual({ sunny: true });
    expect([signer.signed, paymentsOf(seller).length, seller.received.length]).toEqual([1, 1, 2]);
  });

  test("presents the same payment when it is called again, and tells when nothing is delivered twice", async () => {
    const signer = countingSigner();
    const seller = await sellerOf({ paid: inTurn(delivers, refuses) });
    const buyer = buyerOf({ signer });
    const prepared = await readyFor(buyer, seller.origin);
    await buyer.execute(prepared);
    expect(await failureOf(buyer.execute(prepared))).toMatchObject({
      code: "already-paid",
      moneyMoved: "yes",
      reason: "already used",
    });
    expect([signer.signed, new Set(paymentsOf(seller)).size]).toEqual([1, 1]);
  });

  test("keeps the goods of a retry after a lost answer", async () => {
    const signer = countingSigner();
    const seller = await sellerOf({ paid: inTurn(hangUp, delivers) });
    const outcome = await buyerOf({ signer }).pay(seller.origin);
    expect(outcome).toMatchObject({ kind: "paid", moneyMoved: "yes" });
    expect([signer.signed, paymentsOf(seller).length, new Set(paymentsOf(seller)).size]).toEqual([1, 2, 1]);
  });

  test("does not take a refusal after a lost answer for proof that nothing moved", async () => {
    const { origin } = await sellerOf({ paid: inTurn(hangUp, refuses) });
    const failure = await failureOf(buyerOf({ signer: countingSigner() }).pay(origin));
    expect(failure).toMatchObject({ code: "payment-refused", moneyMoved: "maybe" });
  });

  test("stops waiting for an answer, and does not sign again", async () => {
    const signer = countingSigner();
    const seller = await sellerOf({ paid: (reply) => reply.hijack() });
    const buyer = buyerOf({ signer, timeouts: { answer: 50 } });
    expect(await failureOf(buyer.pay(seller.origin))).toMatchObject({
      code: "outcome-unknown",
      moneyMoved: "maybe",
    });
    expect(signer.signed).toBe(1);
  });

  test("does not present again for a caller who gave up", async () => {
    const caller = new AbortController();
    const seller = await sellerOf({
      paid: (reply) => {
        reply.hijack();
        caller.abort();
      },
    });
    const request = { url: seller.origin, signal: caller.signal };
    expect(await failureOf(buyerOf({ signer: countingSigner() }).pay(request))).toMatchObject({
      code: "outcome-unknown",
    });
    expect(paymentsOf(seller).length).toBe(1);
  });
});

describe("an idempotency key", () => {
  test("buys once, however the answers fail, also over a restart", async () => {
    const signer = countingSigner();
    const seller = await sellerOf({ paid: inTurn(answer(503, {}), hangUp, refuses, delivers) });
    const options = { signer, recordsFile: await recordsFile(), resends: 0 };
    const request = { url: seller.origin, idempotencyKey: "order-7" };
    const codes: string[] = [];
    for (const _ of [1, 2, 3]) codes.push((await failureOf(buyerOf(options).pay(request))).code);
    expect(codes).toEqual(["upstream-failed-after-payment", "outcome-unknown", "payment-refused"]);
    expect(buyerOf(options).unresolved()).toMatchObject([
      { idempotencyKey: "order-7", url: `${seller.origin}/` },
    ]);
    expect(await buyerOf(options).pay(request)).toMatchObject({ kind: "paid", moneyMoved: "yes" });
    expect(buyerOf(options).unresolved()).toEqual([]);
    expect(signer.signed).toBe(1);
    expect(new Set(paymentsOf(seller)).size).toBe(1);
    expect(seller.received.filter(({ paymentHeader }) => paymentHeader === undefined).length).toBe(1);
  });

  test("is honoured as a header, too", async () => {
    const signer = countingSigner();
    const { origin } = await sellerOf();
    const fetch = payingFetch({ signer });
    const headers = { "Idempotency-Key": "order-8" };
    for (const _ of [1, 2]) expect((await fetch(origin, { headers })).status).toBe(200);
    expect(signer.signed).toBe(1);
  });

  test("belongs to one request", async () => {
    const signer = countingSigner();
    const { origin } = await sellerOf();
    const buyer = buyerOf({ signer });
    await buyer.pay({ url: origin, idempotencyKey: "k" });
    for (const other of [
      { url: `${origin}/b` },
      { url: origin, json: { a: 1 } },
      { url: origin, method: "DELETE" },
    ]) {
      expect(await failureOf(buyer.pay({ ...other, idempotencyKey: "k" }))).toMatchObject({
        code: "idempotency-conflict",
      });
    }
    const together = ["/c", "/d"].map((path) => buyer.pay({ url: origin + path, idempotencyKey: "other" }));
    const ends = await Promise.allSettled(together);
    expect(ends.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(signer.signed).toBe(2);
  });

  test("of two processes at once presents one payment", async () => {
    const seller = await sellerOf();
    const signer = countingSigner();
    const options = { signer, recordsFile: await recordsFile() };
    const buyers = [buyerOf(options), buyerOf(options), buyerOf(options)];
    await Promise.all(buyers.map((buyer) => buyer.pay({ url: seller.origin, idempotencyKey: "k" })));
    expect(new Set(paymentsOf(seller)).size).toBe(1);
  });

  test("is the seller's payment-identifier", async () => {
    const extensions = { "payment-identifier": { info: { required: false }, schema: {} } };
    const { origin, received } = await sellerOf({
      unpaid: demand({ ...challengeWith(goodEntry), extensions }),
    });
    const buyer = buyerOf({ signer: countingSigner() });
    await buyer.pay({ url: origin, idempotencyKey: "order-2026-07-0001" });
    await buyer.pay({ url: origin, idempotencyKey: "too short" });
    const sent = received.flatMap(({ payment }) => (payment ? [payment.extensions] : []));
    expect(sent).toMatchObject([
      { "payment-identifier": { info: { required: false, id: "order-2026-07-0001" } } },
      { "payment-identifier": { info: { required: false, id: expect.stringMatching(/^[0-9a-f]{64}$/) } } },
    ]);
  });
});

describe("a budget", () => {
  const options = { signer: countingSigner() };

  test("for an origin holds, also for purchases at the same time", async () => {
    const [one, other] = [await sellerOf(), await sellerOf()];
    const buyer = buyerOf({ ...options, maxPerOrigin: 3_000n });
    const ends = await Promise.allSettled(Array.from({ length: 8 }, () => buyer.pay(one.origin)));
    expect(ends.filter(({ status }) => status === "fulfilled").length).toBe(3);
    expect(await failureOf(buyer.pay(one.origin))).toMatchObject({ code: "over-budget", moneyMoved: "no" });
    expect((await buyer.pay(other.origin)).kind).toBe("paid");
    expect(paymentsOf(one).length).toBe(3);
  });

  test("for a time window holds over all origins, and a restart, until the window has passed", async () => {
    const [one, other] = [await sellerOf(), await sellerOf()];
    let time = 1_000_000;
    const limited = {
      ...options,
      maxPerWindow: { amount: 2_500n, seconds: 60 },
      recordsFile: await recordsFile(),
      now: () => time,
    };
    await buyerOf(limited).pay(one.origin);
    await buyerOf(limited).pay(other.origin);
    expect(await failureOf(buyerOf(limited).pay(other.origin))).toMatchObject({ code: "over-budget" });
    time += 61;
    expect((await buyerOf(limited).pay(other.origin)).kind).toBe("paid");
  });

  test("is given back when nothing was signed", async () => {
    const { origin } = await sellerOf();
    let refuse = true;
    const good = countingSigner();
    const signTypedData: typeof good.signTypedData = async (data) => {
      if (refuse) throw new Error("not now");
      return good.signTypedData(data);
    };
    const buyer = buyerOf({ signer: { ...good, signTypedData }, maxPerOrigin: 1_000n });
    expect(await failureOf(buyer.pay(origin))).toMatchObject({ code: "signing-failed" });
    refuse = false;
    expect((await buyer.pay(origin)).kind).toBe("paid");
  });
});

test("a payment that cannot be recorded is not sent", async () => {
  const signer = countingSigner();
  const seller = await sellerOf();
  const buyer = buyerOf({ signer });
  const prepared = await readyFor(buyer, seller.origin);
  const full = buyerOf({
    signer,
    authorize: () => {
      full.close();
      return true;
    },
  });
  expect(await failureOf(full.execute(prepared))).toMatchObject({ code: "record-failed", moneyMoved: "no" });
  expect([signer.signed, paymentsOf(seller)]).toEqual([0, []]);
});

test("payingFetch answers as fetch does", async () => {
  const { origin, received } = await sellerOf();
  const fetch = payingFetch({ signer: countingSigner() });
  const request = new Request(`${origin}/echo`, { method: "POST", body: "hello", headers: { "x-a": "1" } });
  const response = await fetch(request);
  expect([response.status, await response.json()]).toEqual([200, { sunny: true }]);
  expect(received.map(({ method, body, headers }) => [method, String(body), headers["x-a"]])).toEqual([
    ["POST", "hello", "1"],
    ["POST", "hello", "1"],
  ]);
  await expect(fetch(origin, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: "AbortError" });
});

test("a challenge nested too deep to be echoed is malformed", async () => {
  const deep = Array.from({ length: 2_000 }).reduce<unknown>((inner) => [inner], 1);
  const challenge = { ...challengeWith(goodEntry), extensions: { deep } };
  const { origin } = await sellerOf({
    unpaid: (reply) => reply.code(402).header("payment-required", toBase64Json(challenge)).send(),
  });
  expect(await failureOf(buyerOf({ signer: countingSigner() }).pay(origin))).toMatchObject({
    code: "challenge-malformed",
  });
});
