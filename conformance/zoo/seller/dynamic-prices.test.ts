import { afterAll, beforeAll, expect, test } from "vitest";
import { fromBase64Json, type Sandbox, sellerSteps, startSandbox } from "#sandbox";
import { sellerCases } from "../../cases/seller/index.ts";
import { field, type Json } from "../../engine/index.ts";
import { type ReferenceVariation, startReference } from "../../subjects/index.ts";
import { judge } from "./run.ts";

/** The cases that ask more than once, or pay another amount than was asked for. */
const [comparing, others] = [
  [
    "seller.challenge.terms-are-stable",
    "seller.challenge.html-keeps-the-header",
    "seller.malformed.prototype-keys",
    "seller.refusal.asks-for-the-same-terms",
  ],
  [
    "seller.terms.amount-lowered",
    "seller.terms.amount-raised",
    "seller.malformed.duplicate-amounts",
    "seller.terms.own-terms-sent-to-verify",
    "seller.terms.own-terms-sent-to-settle",
  ],
];

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

/** Asks for a little more each time, and takes every amount that it has asked for. */
function surging(): ReferenceVariation {
  const asked = new Set<string>();
  return {
    steps: {
      ...sellerSteps,
      offer: async (exchange) => {
        const offer = await sellerSteps.offer(exchange);
        if (offer === undefined) return undefined;
        const paid = String(field(acceptedIn(exchange.request.headers["payment-signature"]), "amount"));
        const amount = asked.has(paid)
          ? paid
          : String(BigInt(offer.requirements.amount) + BigInt(asked.size));
        asked.add(amount);
        return { ...offer, requirements: { ...offer.requirements, amount } };
      },
    },
  };
}

function acceptedIn(header: string | readonly string[] | undefined): Json | undefined {
  const payment = typeof header === "string" ? fromBase64Json(header) : undefined;
  return payment?.ok ? field(payment.value as Json, "accepted") : undefined;
}

/** Wants each payment at another address. */
function wandering(): ReferenceVariation {
  let asked = 0;
  return {
    steps: {
      ...sellerSteps,
      offer: async (exchange) => {
        const offer = await sellerSteps.offer(exchange);
        if (offer === undefined) return undefined;
        asked += 1;
        const payTo = `0x${String(asked).padStart(40, "0")}` as const;
        return { ...offer, requirements: { ...offer.requirements, payTo } };
      },
    },
  };
}

async function statuses(variation: ReferenceVariation, dynamicPrices: boolean, ids: readonly string[]) {
  const seller = await startReference(sandbox.description, "dynamic seller", variation);
  const subject = { setup: { ...seller.setup, dynamicPrices }, stop: seller.stop };
  try {
    const cases = sellerCases.filter(({ id }) => ids.includes(id));
    const seed = `${dynamicPrices} ${ids.length}`;
    const { results } = await judge(subject, sandbox.description, seed, "x402@2", cases);
    return new Map(results.map(({ id, status, message }) => [id, { status, message }]));
  } finally {
    await subject.stop();
  }
}

test("a seller whose prices change passes where it is said that they do", { timeout: 60_000 }, async () => {
  const found = await statuses(surging(), true, [...comparing, ...others]);
  for (const id of [...comparing, ...others])
    expect.soft(found.get(id), id).toMatchObject({ status: "pass" });
});

test("where it is not said, it is told how to say it", { timeout: 60_000 }, async () => {
  const found = await statuses(surging(), false, comparing);
  const saysHow = { status: "fail", message: expect.stringContaining("--dynamic-prices") };
  for (const id of comparing) expect.soft(found.get(id), id).toEqual(saysHow);
});

test("other terms than the price may not change", { timeout: 60_000 }, async () => {
  const id = "seller.challenge.terms-are-stable";
  const found = await statuses(wandering(), true, [id]);
  expect(found.get(id)).toEqual({
    status: "fail",
    message: "The terms changed from one request to the next.",
  });
});
