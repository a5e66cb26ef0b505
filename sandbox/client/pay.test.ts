import { privateKeyToAccount } from "viem/accounts";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { namedAccounts } from "../chain/index.ts";
import { type PaymentRequirements, parseExactEvmPayload, toBase64Json } from "../protocol/index.ts";
import type { BuyerOptions } from "./buyer.ts";
import { pay } from "./pay.ts";
import { PaymentError } from "./payment-error.ts";
import type { PaymentErrorCode } from "./payment-errors.ts";
import type { RequestToPay } from "./request.ts";
import type { Signer } from "./signer.ts";
import {
  answer,
  challengeWith,
  demand,
  goodEntry,
  goodReceipt,
  hangUp,
  type Script,
  type ScriptedSeller,
  startScriptedSeller,
} from "./testing/scripted-seller.ts";

const payer = privateKeyToAccount(namedAccounts.payer.privateKey);

/** The payer's account, counting what it signs. */
function countingSigner() {
  const signer = {
    signed: 0,
    address: payer.address,
    signTypedData(typedData: Parameters<Signer["signTypedData"]>[0]) {
      signer.signed += 1;
      return payer.signTypedData(typedData);
    },
  };
  return signer;
}

let signer = countingSigner();
afterEach(() => {
  signer = countingSigner();
});

async function seller(script?: Script): Promise<ScriptedSeller> {
  const started = await startScriptedSeller(script);
  onTestFinished(() => started.close());
  return started;
}

async function failure(request: RequestToPay, options: Partial<BuyerOptions> = {}): Promise<PaymentError> {
  const outcome = await pay(request, { signer, ...options }).catch((error: unknown) => error);
  if (!(outcome instanceof PaymentError)) throw new Error("expected a PaymentError", { cause: outcome });
  return outcome;
}

function authorizationOf(payload: unknown) {
  const exact = parseExactEvmPayload(payload);
  if (!exact.ok) throw new Error(exact.error.message);
  return exact.value.authorization;
}

describe("a paid answer", () => {
  test("comes with body, receipt and what was paid", async () => {
    const { origin, received } = await seller();
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
    const { origin, received } = await seller();
    await pay(origin, { signer, now: () => 1_000 });
    expect(authorizationOf(received[1]?.payment?.payload)).toEqual({
      from: payer.address,
      to: goodEntry.payTo,
      value: "1000",
      validAfter: "0",
      validBefore: "1060",
      nonce: expect.stringMatching(/^0x[0-9a-f]{64}$/),
    });
  });

  test("is never paid by an authorization that outlives an hour", async () => {
    const { origin, received } = await seller({
      unpaid: demand(challengeWith({ ...goodEntry, maxTimeoutSeconds: 1e12 })),
    });
    await pay(origin, { signer, now: () => 1_000 });
    expect(authorizationOf(received[1]?.payment?.payload).validBefore).toBe("4600");
  });

  test("takes a new nonce every time", async () => {
    const { origin, received } = await seller();
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
    const { origin, received } = await seller({ unpaid: demand(challenge) });
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
    const { origin, received } = await seller({
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
    const { origin } = await seller({
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
    const { origin, received } = await seller();
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
    const { origin, received } = await seller();
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
    const elsewhere = await seller();
    const { origin } = await seller({ paid: (reply) => reply.redirect(`${elsewhere.origin}/steal`, 307) });
    const error = await failure(origin);
    expect(error).toMatchObject({ code: "payment-redirected", moneyMoved: "maybe" });
    expect(error.response?.headers.get("location")).toBe(`${elsewhere.origin}/steal`);
    expect(elsewhere.received).toEqual([]);
  });
});

describe("a price asked after a redirect", () => {
  test("is paid where it was asked when the origin is the same", async () => {
    const { origin, received } = await seller({
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
    const elsewhere = await seller();
    const { origin } = await seller({ unpaid: (reply) => reply.redirect(elsewhere.origin, 307) });
    expect(await failure(origin)).toMatchObject({ code: "redirected", moneyMoved: "no" });
    expect(signer.signed).toBe(0);
  });
});

describe("no money is asked", () => {
  test.each([200, 404, 500])("by a %i, even with a challenge in it", async (status) => {
    const { origin, received } = await seller({
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

describe("a malformed challenge is refused unsigned:", () => {
  const good = challengeWith(goodEntry);
  test.each<[string, string | undefined]>([
    ["no header", undefined],
    ["empty", ""],
    ["not base64", "{}"],
    [
      "base64url",
      toBase64Json({ ...good, error: "~~~???>>>" })
        .replaceAll("+", "-")
        .replaceAll("/", "_"),
    ],
    ["not JSON", Buffer.from("402").toString("base64").slice(0, 3)],
    ["an array", toBase64Json([good])],
    ["null", toBase64Json(null)],
    ["version 1", toBase64Json({ ...good, x402Version: 1 })],
    ["version 3", toBase64Json({ ...good, x402Version: 3 })],
    ["version as text", toBase64Json({ ...good, x402Version: "2" })],
    ["no resource", toBase64Json({ ...good, resource: undefined })],
    ["no accepts", toBase64Json({ ...good, accepts: undefined })],
    ["accepts an object", toBase64Json({ ...good, accepts: goodEntry })],
    ["amount a number", toBase64Json({ ...good, accepts: [{ ...goodEntry, amount: 1000 }] })],
    ["amount a fraction", toBase64Json({ ...good, accepts: [{ ...goodEntry, amount: "0.001" }] })],
    ["amount in hex", toBase64Json({ ...good, accepts: [{ ...goodEntry, amount: "0x3e8" }] })],
    ["amount negative", toBase64Json({ ...good, accepts: [{ ...goodEntry, amount: "-1" }] })],
    ["amount beyond uint256", toBase64Json({ ...good, accepts: [{ ...goodEntry, amount: "9".repeat(78) }] })],
    ["network of v1", toBase64Json({ ...good, accepts: [{ ...goodEntry, network: "base-sepolia" }] })],
    ["maxTimeoutSeconds zero", toBase64Json({ ...good, accepts: [{ ...goodEntry, maxTimeoutSeconds: 0 }] })],
  ])("%s", async (_, header) => {
    const { origin, received } = await seller({
      unpaid: (reply) => {
        reply.code(402);
        return (header === undefined ? reply : reply.header("payment-required", header)).send(good);
      },
    });
    const error = await failure(origin);
    expect(error).toMatchObject({ code: "challenge-malformed", moneyMoved: "no" });
    expect(error.response?.status).toBe(402);
    expect([received.length, signer.signed]).toEqual([1, 0]);
  });

  test("sent twice", async () => {
    const { origin } = await seller({
      unpaid: (reply) =>
        reply
          .code(402)
          .header("payment-required", [toBase64Json(good), toBase64Json(good)])
          .send(),
    });
    expect(await failure(origin)).toMatchObject({ code: "challenge-malformed" });
    expect(signer.signed).toBe(0);
  });
});

describe("an entry of accepts", () => {
  const unsupported: [string, Partial<PaymentRequirements>][] = [
    ["another scheme", { scheme: "upto" }],
    ["another kind of network", { network: "solana:EtWTRABZaYq6iMfeYKouRu166VU2xqa1" }],
    ["an asset that is no address", { asset: "USDC" }],
    ["a payTo that is no address", { payTo: "seller.eth" }],
    ["no extra", { extra: undefined }],
    ["no domain name", { extra: { version: "2" } }],
    ["no domain version", { extra: { name: "USDC" } }],
    ["another transfer method", { extra: { ...goodEntry.extra, assetTransferMethod: "permit2" } }],
    ["another payment flow", { extra: { ...goodEntry.extra, paymentFlow: "escrow" } }],
    ["no whole second to live", { maxTimeoutSeconds: 0.5 }],
  ];

  test.each(unsupported)("with %s is skipped for a later good one", async (_, change) => {
    const { origin, received } = await seller({
      unpaid: demand(challengeWith({ ...goodEntry, ...change, amount: "1" }, goodEntry)),
    });
    await pay(origin, { signer });
    expect(received[1]?.payment?.accepted).toEqual(goodEntry);
    expect(received[1]?.signatureIsValid).toBe(true);
  });

  test.each(unsupported)("with %s is not paid when it is the only one", async (_, change) => {
    const { origin } = await seller({ unpaid: demand(challengeWith({ ...goodEntry, ...change })) });
    expect(await failure(origin)).toMatchObject({ code: "no-supported-requirement", moneyMoved: "no" });
    expect(signer.signed).toBe(0);
  });

  test("that names the default method and flow is paid", async () => {
    const extra = { ...goodEntry.extra, assetTransferMethod: "eip3009", paymentFlow: "authorization" };
    const { origin, received } = await seller({ unpaid: demand(challengeWith({ ...goodEntry, extra })) });
    await pay(origin, { signer });
    expect(received[1]?.signatureIsValid).toBe(true);
  });

  test("must exist", async () => {
    const { origin } = await seller({ unpaid: demand(challengeWith()) });
    expect(await failure(origin)).toMatchObject({ code: "no-supported-requirement" });
  });
});

describe("the spending policy", () => {
  test.each<[string, Partial<BuyerOptions>, string]>([
    ["by default", {}, "1000000"],
    ["as given", { maxAmount: 250n }, "250"],
  ])("limits the amount %s, to the unit", async (_, options, limit) => {
    const { origin: fits } = await seller({ unpaid: demand(challengeWith({ ...goodEntry, amount: limit })) });
    expect((await pay(fits, { signer, ...options })).kind).toBe("paid");
    const over = String(BigInt(limit) + 1n);
    const { origin } = await seller({ unpaid: demand(challengeWith({ ...goodEntry, amount: over })) });
    expect(await failure(origin, options)).toMatchObject({
      code: "over-limit",
      requirements: { amount: over },
    });
    expect(signer.signed).toBe(1);
  });

  test("looks at the entry that would be signed", async () => {
    const cheapButUnsupported = { ...goodEntry, scheme: "upto", amount: "1" };
    const { origin } = await seller({
      unpaid: demand(challengeWith(cheapButUnsupported, { ...goodEntry, amount: "5000000" })),
    });
    expect(await failure(origin)).toMatchObject({ code: "over-limit", requirements: { amount: "5000000" } });
  });

  test("takes no other token for USDC, whatever its name, unless told so", async () => {
    const lookalike = { ...goodEntry, asset: "0x036cbD53842C5426634E7929541Ec2318F3DCf70" } as const;
    const { origin } = await seller({ unpaid: demand(challengeWith(lookalike)) });
    expect(await failure(origin)).toMatchObject({ code: "policy-denied", moneyMoved: "no" });
    expect(signer.signed).toBe(0);
    expect((await pay(origin, { signer, allowedAssets: [lookalike.asset] })).kind).toBe("paid");
    expect((await pay(origin, { signer, allowedAssets: "any" })).kind).toBe("paid");
  });

  test("picks the allowed network among several", async () => {
    const onBase = {
      ...goodEntry,
      network: "eip155:8453",
      asset: "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913",
    } as const;
    const { origin, received } = await seller({ unpaid: demand(challengeWith(onBase, goodEntry)) });
    await pay(origin, { signer, allowedNetworks: ["eip155:84532"] });
    expect(received[1]?.payment?.accepted).toEqual(goodEntry);
    expect(await failure(origin, { allowedNetworks: ["eip155:1"] })).toMatchObject({ code: "policy-denied" });
  });
});

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
    const { origin, received } = await seller(paid === undefined ? {} : { paid });
    const error = await failure(origin);
    expect(error).toMatchObject({ code, moneyMoved, reason, requirements: goodEntry });
    expect(error.payment).toEqual(received[1]?.payment);
    expect(error.response?.bodyUsed).toBe(false);
    expect(error.next).not.toBe("");
    expect([received.length, signer.signed]).toEqual([2, 1]);
  });

  test("by a lost connection has an unknown outcome and keeps the payment", async () => {
    const { origin, received } = await seller({ paid: hangUp });
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
    const { origin, received } = await seller();
    const error = await failure(origin, { signer: { address: payer.address, signTypedData } });
    expect(error).toMatchObject({ code: "signing-failed", moneyMoved: "no" });
    expect(received.length).toBe(1);
  });

  test("quotes at most 300 characters of the seller's words, control characters escaped", async () => {
    const { origin } = await seller({ paid: demand({ ...refusal, error: `\u001b[31m${"x".repeat(1000)}` }) });
    const error = await failure(origin);
    expect(error.reason?.length).toBe(300);
    expect(error.message).not.toContain("\u001b");
  });
});
