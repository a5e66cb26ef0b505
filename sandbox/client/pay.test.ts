import { beforeEach, describe, expect, test } from "vitest";
import { parseExactEvmPayload, toBase64Json } from "../protocol/index.ts";
import type { BuyerOptions } from "./buyer.ts";
import { pay } from "./pay.ts";
import type { PaymentError } from "./payment-error.ts";
import type { RequestToPay } from "./request.ts";
import { countingSigner, failureOf, sellerOf } from "./testing/buying.ts";
import { challengeWith, demand, goodEntry, goodReceipt } from "./testing/scripted-seller.ts";

let signer: ReturnType<typeof countingSigner>;
beforeEach(() => {
  signer = countingSigner();
});

function failure(request: RequestToPay, options: Partial<BuyerOptions> = {}): Promise<PaymentError> {
  return failureOf(pay(request, { signer, ...options }));
}

function authorizationOf(payload: unknown) {
  const exact = parseExactEvmPayload(payload);
  if (!exact.ok) throw new Error(exact.error.message);
  return exact.value.authorization;
}

describe("a paid answer", () => {
  test("comes with body, receipt and what was paid", async () => {
    const { origin, received } = await sellerOf();
    const outcome = await pay(`${origin}/weather`, { signer });
    if (outcome.kind !== "paid") throw new Error(outcome.kind);
    expect(await outcome.response.json()).toEqual({ sunny: true });
    expect(outcome).toMatchObject({
      receipt: { settlement: goodReceipt, transaction: goodReceipt.transaction },
      moneyMoved: "yes",
      requirements: goodEntry,
    });
    expect(received.map((request) => request.signatureIsValid)).toEqual([undefined, true]);
    expect(signer.signed).toBe(1);
  });

  test("is paid by an authorization of exactly the amount, to payTo, that lives as long as the seller allows", async () => {
    const { origin, received } = await sellerOf();
    await pay(origin, { signer, now: () => 1_000 });
    expect(authorizationOf(received[1]?.payment?.payload)).toEqual({
      from: signer.address,
      to: goodEntry.payTo,
      value: "1000",
      validAfter: "0",
      validBefore: "1060",
      nonce: expect.stringMatching(/^0x[0-9a-f]{64}$/),
    });
  });

  test("is never paid by an authorization that outlives an hour", async () => {
    const { origin, received } = await sellerOf({
      unpaid: demand(challengeWith({ ...goodEntry, maxTimeoutSeconds: 1e12 })),
    });
    await pay(origin, { signer, now: () => 1_000 });
    expect(authorizationOf(received[1]?.payment?.payload).validBefore).toBe("4600");
  });

  test("takes a new nonce every time", async () => {
    const { origin, received } = await sellerOf();
    for (const _ of [1, 2, 3]) await pay(origin, { signer });
    const nonces = received.flatMap(({ payment }) =>
      payment ? [authorizationOf(payment.payload).nonce] : [],
    );
    expect(new Set(nonces).size).toBe(3);
  });

  test("echoes entry, resource and extensions as received, unknown fields included", async () => {
    const entry = { ...goodEntry, note: ["a", { b: 1 }], extra: { ...goodEntry.extra, deep: { x: null } } };
    const challenge = {
      ...challengeWith(entry),
      resource: { url: "http://seller.test/weather", iconUrl: "http://seller.test/i.png" },
      extensions: { bazaar: { info: { input: { type: "http" } }, schema: {} } },
    };
    const { origin, received } = await sellerOf({ unpaid: demand(challenge) });
    await pay(origin, { signer });
    expect(received[1]?.payment).toMatchObject({
      x402Version: 2,
      accepted: entry,
      resource: challenge.resource,
    });
    expect(received[1]?.payment?.accepted).toEqual(entry);
    expect(received[1]?.payment?.resource).toEqual(challenge.resource);
    expect(received[1]?.payment?.extensions).toEqual(challenge.extensions);
  });

  test("gives the id that payment-identifier demands, beside the echo", async () => {
    const extensions = { "payment-identifier": { info: { required: true }, schema: { type: "object" } } };
    const { origin, received } = await sellerOf({
      unpaid: demand({ ...challengeWith(goodEntry), extensions }),
    });
    await pay(origin, { signer });
    expect(received[1]?.payment?.extensions).toEqual({
      "payment-identifier": {
        info: { required: true, id: expect.stringMatching(/^[\w-]{16,128}$/) },
        schema: { type: "object" },
      },
    });
  });

  test.each([
    ["absent", undefined, "maybe"],
    ["not base64", "%%%", "maybe"],
    ["of another shape", toBase64Json({ success: "yes" }), "maybe"],
    ["pending", toBase64Json({ ...goodReceipt, success: false, errorReason: "settlement_pending" }), "maybe"],
    ["a failure", toBase64Json({ ...goodReceipt, success: false }), "no"],
  ])("is not lost when the receipt is %s", async (_, receipt, moneyMoved) => {
    const { origin } = await sellerOf({
      paid: (reply) =>
        (receipt === undefined ? reply : reply.header("payment-response", receipt)).send({ sunny: true }),
    });
    const outcome = await pay(origin, { signer });
    if (outcome.kind !== "paid") throw new Error(outcome.kind);
    expect(await outcome.response.json()).toEqual({ sunny: true });
    expect(outcome.moneyMoved).toBe(moneyMoved);
  });
});

describe("the paid request", () => {
  const form = new FormData();
  form.set("city", "Rome");
  form.set("photo", new Blob([new Uint8Array([0, 255, 13, 10])], { type: "image/png" }), "p.png");

  test.each<[string, RequestInit["body"]]>([
    ["string", '{"city":"Rome – 北京"}'],
    ["URLSearchParams", new URLSearchParams({ city: "Rome", q: "a&b=c" })],
    ["Blob", new Blob([new Uint8Array([1, 2, 0, 255])], { type: "image/png" })],
    ["ArrayBuffer", new Uint8Array([9, 8, 0, 255]).buffer],
    ["FormData", form],
  ])("repeats method, URL, headers and a %s body", async (_, body) => {
    const { origin, received } = await sellerOf();
    await pay(
      { url: `${origin}/echo?a=1%202&b`, method: "POST", headers: { "X-Trace": "7" }, body },
      { signer },
    );
    const [unpaid, paid] = received;
    const { "payment-signature": payment, ...paidHeaders } = paid?.headers ?? {};
    expect(payment).toBeTypeOf("string");
    expect(paidHeaders).toEqual(unpaid?.headers);
    expect(paid).toMatchObject({ method: "POST", url: "/echo?a=1%202&b", body: unpaid?.body });
    expect(paid?.headers).toMatchObject({ "x-trace": "7" });
    expect(paid?.body.length).toBeGreaterThan(0);
  });

  test.each([
    ["a web stream", () => new Blob(["x"]).stream()],
    [
      "an async iterable",
      async function* () {
        yield new Uint8Array([1]);
      },
    ],
  ])("cannot have %s as body: nothing is sent", async (_, body) => {
    const { origin, received } = await sellerOf();
    expect(await failure({ url: origin, method: "POST", body: body() })).toMatchObject({
      code: "request-not-replayable",
      moneyMoved: "no",
    });
    expect(received).toEqual([]);
  });

  test.each<[string, RequestToPay]>([
    ["a URL that is none", "weather"],
    ["another scheme than http", "data:text/plain,hello"],
    ["a header that is none", { url: "http://127.0.0.1:1/", headers: { "bad name": "x" } }],
    ["a payment of its own", { url: "http://127.0.0.1:1/", headers: { "Payment-Signature": "e30=" } }],
  ])("is refused with %s", async (_, request) => {
    expect(await failure(request)).toMatchObject({ code: "request-invalid", moneyMoved: "no" });
  });

  test("never follows a redirect", async () => {
    const elsewhere = await sellerOf();
    const { origin } = await sellerOf({ paid: (reply) => reply.redirect(`${elsewhere.origin}/steal`, 307) });
    const error = await failure(origin);
    expect(error).toMatchObject({ code: "payment-redirected", moneyMoved: "maybe" });
    expect(error.response?.headers.get("location")).toBe(`${elsewhere.origin}/steal`);
    expect(elsewhere.received).toEqual([]);
  });
});

describe("a price asked after a redirect", () => {
  test("is paid where it was asked when the origin is the same", async () => {
    const { origin, received } = await sellerOf({
      unpaid: (reply, request) =>
        request.url === "/old"
          ? reply.redirect("/new", 308)
          : demand(challengeWith(goodEntry))(reply, request),
    });
    await pay(`${origin}/old`, { signer });
    expect(received.map(({ url, payment }) => [url, payment !== undefined])).toEqual([
      ["/old", false],
      ["/new", false],
      ["/new", true],
    ]);
  });

  test("is not paid on another origin", async () => {
    const elsewhere = await sellerOf();
    const { origin } = await sellerOf({ unpaid: (reply) => reply.redirect(elsewhere.origin, 307) });
    expect(await failure(origin)).toMatchObject({ code: "redirected", moneyMoved: "no" });
    expect(signer.signed).toBe(0);
  });
});

describe("no money is asked", () => {
  test.each([200, 404, 500])("by a %i, even with a challenge in it", async (status) => {
    const { origin, received } = await sellerOf({
      unpaid: (reply) =>
        reply
          .code(status)
          .header("payment-required", toBase64Json(challengeWith(goodEntry)))
          .send({ free: true }),
    });
    const outcome = await pay(origin, { signer });
    if (outcome.kind !== "passthrough") throw new Error(outcome.kind);
    expect([outcome.response.status, await outcome.response.json()]).toEqual([status, { free: true }]);
    expect([received.length, signer.signed]).toEqual([1, 0]);
  });
});
