import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "#sandbox";
import { sellerCases } from "../../cases/seller/index.ts";
import { type Front, startReference } from "../../subjects/index.ts";
import { judge } from "./run.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

/** Looks for payments of v2 where those of v1 are. */
const readsTheHeaderOfV1: Front = (request, _response, forward) => {
  const { "payment-signature": _, "x-payment": payment, ...others } = request.headers;
  request.headers = payment === undefined ? others : { ...others, "payment-signature": payment };
  forward();
};

/** A proxy that lets no payment through. */
const seesNoPayment: Front = (request, _response, forward) => {
  const { "payment-signature": _, ...others } = request.headers;
  request.headers = others;
  forward();
};

test.each([
  [
    "reads X-PAYMENT",
    readsTheHeaderOfV1,
    "PAYMENT-SIGNATURE, and the seller reads X-PAYMENT, where it was served.",
  ],
  ["sees no payment", seesNoPayment, "x402 v2 takes it from PAYMENT-SIGNATURE."],
])("that a payment was not seen is told of a seller that %s", async (name, front, words) => {
  const subject = await startReference(sandbox.description, name, { front });
  try {
    const cases = sellerCases.filter(({ id }) => id === "seller.replay.same-payment-twice");
    const { results } = await judge(subject, sandbox.description, name, "x402@2", cases);
    const verdict = results.find(({ id }) => id === "seller.replay.same-payment-twice");
    expect(verdict?.status).toBe("inconclusive");
    expect(verdict?.message).toContain("it seems not to have been seen");
    expect(verdict?.message).toContain(words);
  } finally {
    await subject.stop();
  }
});
