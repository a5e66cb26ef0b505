import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Exchange, type Sandbox, type SellerSteps, sellerSteps, startSandbox } from "#sandbox";
import { sellerCases } from "../../cases/seller/index.ts";
import { startReference } from "../../subjects/index.ts";
import { judge } from "./run.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

/** A claim that nobody holds. */
const noClaim = { release() {}, settled() {}, unresolved() {} };

const paymentIn = ({ request }: Exchange) => String(request.headers["payment-signature"]);

/** Has each request with a payment that came before begin so many milliseconds after the last one, as a busy machine does. */
function oneAfterTheOther(milliseconds: number) {
  const uses = new Map<string, number>();
  return async (exchange: Exchange) => {
    const earlier = uses.get(paymentIn(exchange)) ?? 0;
    uses.set(paymentIn(exchange), earlier + 1);
    await delay(earlier * milliseconds);
  };
}

/** Notices no other request with the same payment. */
function claimsNothing(turn: (exchange: Exchange) => Promise<void>): SellerSteps {
  return {
    ...sellerSteps,
    claim: async (exchange) => {
      await turn(exchange);
      return { kind: "granted", claim: noClaim };
    },
  };
}

/** Looks whether a payment was used before it has it verified, and takes it afterwards. */
function claimsOnceItIsVerified(turn: (exchange: Exchange) => Promise<void>): SellerSteps {
  const used = new Set<string>();
  return {
    ...sellerSteps,
    claim: async (exchange) => {
      await turn(exchange);
      return used.has(paymentIn(exchange))
        ? { kind: "refused", refusal: { kind: "claimed", reason: "this payment was used before" } }
        : { kind: "granted", claim: noClaim };
    },
    verify: async (exchange, order) => {
      const verified = await sellerSteps.verify(exchange, order);
      used.add(paymentIn(exchange));
      return verified;
    },
  };
}

test.each([
  { mistake: "claims no payment", steps: claimsNothing(oneAfterTheOther(300)) },
  { mistake: "claims a payment once it is verified", steps: claimsOnceItIsVerified(oneAfterTheOther(100)) },
])("a seller that $mistake is caught, however late its requests begin", async ({ mistake, steps }) => {
  const subject = await startReference(sandbox.description, mistake, { steps });
  try {
    const cases = sellerCases.filter(({ id }) => id === "seller.replay.eight-at-once");
    const { results } = await judge(subject, sandbox.description, mistake, "x402@2", cases);
    expect(results[0]).toMatchObject({ id: "seller.replay.eight-at-once", status: "fail" });
  } finally {
    await subject.stop();
  }
});
