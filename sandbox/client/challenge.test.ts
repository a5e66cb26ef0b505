import { beforeEach, describe, expect, test } from "vitest";
import { type PaymentRequirements, toBase64Json } from "../protocol/index.ts";
import type { BuyerOptions } from "./buyer.ts";
import { pay } from "./pay.ts";
import type { PaymentError } from "./payment-error.ts";
import type { RequestToPay } from "./request.ts";
import { countingSigner, failureOf, sellerOf } from "./testing/buying.ts";
import { challengeWith, demand, goodEntry } from "./testing/scripted-seller.ts";

let signer: ReturnType<typeof countingSigner>;
beforeEach(() => {
  signer = countingSigner();
});

function failure(request: RequestToPay, options: Partial<BuyerOptions> = {}): Promise<PaymentError> {
  return failureOf(pay(request, { signer, ...options }));
}

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
    const { origin, received } = await sellerOf({
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
    const { origin } = await sellerOf({
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
    ["another transfer method", { extra: { ...goodEntry.extra, assetTransferMethod: "pigeon" } }],
    ["another payment flow", { extra: { ...goodEntry.extra, paymentFlow: "escrow" } }],
    ["no whole second to live", { maxTimeoutSeconds: 0.5 }],
  ];

  test.each(unsupported)("with %s is skipped for a later good one", async (_, change) => {
    const { origin, received } = await sellerOf({
      unpaid: demand(challengeWith({ ...goodEntry, ...change, amount: "1" }, goodEntry)),
    });
    await pay(origin, { signer });
    expect(received[1]?.payment?.accepted).toEqual(goodEntry);
    expect(received[1]?.signatureIsValid).toBe(true);
  });

  test.each(unsupported)("with %s is not paid when it is the only one", async (_, change) => {
    const { origin } = await sellerOf({ unpaid: demand(challengeWith({ ...goodEntry, ...change })) });
    expect(await failure(origin)).toMatchObject({ code: "no-supported-requirement", moneyMoved: "no" });
    expect(signer.signed).toBe(0);
  });

  test("that names the default method and flow is paid", async () => {
    const extra = { ...goodEntry.extra, assetTransferMethod: "eip3009", paymentFlow: "authorization" };
    const { origin, received } = await sellerOf({ unpaid: demand(challengeWith({ ...goodEntry, extra })) });
    await pay(origin, { signer });
    expect(received[1]?.signatureIsValid).toBe(true);
  });

  test("must exist", async () => {
    const { origin } = await sellerOf({ unpaid: demand(challengeWith()) });
    expect(await failure(origin)).toMatchObject({ code: "no-supported-requirement" });
  });
});
