import { describe, expect, test } from "vitest";
import { toBase64Json } from "../protocol/index.ts";
import { buyerOf, countingSigner, failureOf, paymentsOf, sellerOf } from "./testing/buying.ts";
import { challengeWith, goodEntry, goodEntryV1, type Scene } from "./testing/scripted-seller.ts";

const good = challengeWith(goodEntry);

/** A body that never ends. */
const endless: Scene = (reply) => {
  reply.hijack();
  reply.raw.writeHead(402, { "content-type": "application/json" });
  const more = () => {
    while (!reply.raw.destroyed && reply.raw.write(`{"x402Version":1,"accepts":[${" ".repeat(4_096)}`));
  };
  reply.raw.on("drain", more);
  more();
};

describe("nothing is signed, and the call ends, for a 402", () => {
  test.each<[string, Scene]>([
    [
      "with a challenge of 200 KB",
      (reply) =>
        reply
          .code(402)
          .header("payment-required", toBase64Json({ ...good, error: "x".repeat(200_000) }))
          .send(),
    ],
    [
      "with a challenge that is just too large",
      (reply) =>
        reply
          .code(402)
          .header("payment-required", toBase64Json({ ...good, error: "x".repeat(12_000) }))
          .send(),
    ],
    ["with a body that never ends", endless],
    [
      "with a large v1 body",
      (reply) => reply.code(402).send({ x402Version: 1, error: "", accepts: Array(1_000).fill(goodEntryV1) }),
    ],
  ])("%s", async (_, unpaid) => {
    const signer = countingSigner();
    const seller = await sellerOf({ unpaid });
    const failure = await failureOf(buyerOf({ signer }).pay(seller.origin));
    expect(["challenge-malformed", "network-error"]).toContain(failure.code);
    expect([failure.moneyMoved, signer.signed, paymentsOf(seller)]).toEqual(["no", 0, []]);
    await failure.response?.body?.cancel();
  });
});
