import { beforeEach, describe, expect, test } from "vitest";
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

describe("the spending policy", () => {
  test.each<[string, Partial<BuyerOptions>, string]>([
    ["by default", {}, "1000000"],
    ["as given", { maxAmount: 250n }, "250"],
  ])("limits the amount %s, to the unit", async (_, options, limit) => {
    const { origin: fits } = await sellerOf({
      unpaid: demand(challengeWith({ ...goodEntry, amount: limit })),
    });
    expect((await pay(fits, { signer, ...options })).kind).toBe("paid");
    const over = String(BigInt(limit) + 1n);
    const { origin } = await sellerOf({ unpaid: demand(challengeWith({ ...goodEntry, amount: over })) });
    expect(await failure(origin, options)).toMatchObject({
      code: "over-limit",
      requirements: { amount: over },
    });
    expect(signer.signed).toBe(1);
  });

  test("looks at the entry that would be signed", async () => {
    const cheapButUnsupported = { ...goodEntry, scheme: "upto", amount: "1" };
    const { origin } = await sellerOf({
      unpaid: demand(challengeWith(cheapButUnsupported, { ...goodEntry, amount: "5000000" })),
    });
    expect(await failure(origin)).toMatchObject({ code: "over-limit", requirements: { amount: "5000000" } });
  });

  test("takes no other token for USDC, whatever its name, unless told so", async () => {
    const lookalike = { ...goodEntry, asset: "0x036cbD53842C5426634E7929541Ec2318F3DCf70" } as const;
    const { origin } = await sellerOf({ unpaid: demand(challengeWith(lookalike)) });
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
    const { origin, received } = await sellerOf({ unpaid: demand(challengeWith(onBase, goodEntry)) });
    await pay(origin, { signer, allowedNetworks: ["eip155:84532"] });
    expect(received[1]?.payment?.accepted).toEqual(goodEntry);
    expect(await failure(origin, { allowedNetworks: ["eip155:1"] })).toMatchObject({ code: "policy-denied" });
  });
});
