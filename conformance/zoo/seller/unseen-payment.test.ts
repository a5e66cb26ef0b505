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

/** A case that such a seller fails, and one about which it proves nothing. */
const verdicts = { "seller.retry.served": "fail", "seller.replay.same-payment-twice": "inconclusive" };

test.each([
  [
    "reads X-PAYMENT",
    readsTheHeaderOfV1,
    "PAYMENT-SIGNATURE, and the seller reads X-PAYMENT, where it was served.",
  ],
  [
    "sees no payment",
    seesNoPayment,
    "It was sent as payment-signature: names of headers have no letter case",
  ],
])("that a payment was not seen is told of a seller that %s", async (name, front, words) => {
  const subject = await startReference(sandbox.description, name, { front });
  try {
    const cases = sellerCases.filter(({ id }) => Object.hasOwn(verdicts, id));
    const { results } = await judge(subject, sandbox.description, name, "x402@2", cases);
    for (const [caseId, status] of Object.entries(verdicts)) {
      const verdict = results.find(({ id }) => id === caseId);
      expect(verdict?.status).toBe(status);
      expect(verdict?.message).toContain("it seems not to have been seen");
      expect(verdict?.message).toContain(words);
    }
  } finally {
    await subject.stop();
  }
});
