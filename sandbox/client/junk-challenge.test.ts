import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { namedAccounts } from "../chain/index.ts";
import { toBase64Json } from "../protocol/index.ts";
import { pay } from "./pay.ts";
import { PaymentError } from "./payment-error.ts";
import {
  challengeWith,
  goodEntry,
  goodEntryV1,
  type ScriptedSeller,
  startScriptedSeller,
} from "./testing/scripted-seller.ts";

let header: string | undefined;
let body: unknown = "";
let seller: ScriptedSeller;
beforeAll(async () => {
  seller = await startScriptedSeller({
    unpaid: (reply) =>
      (header === undefined ? reply : reply.header("payment-required", header)).code(402).send(body),
  });
});
afterAll(() => seller.close());

/** Anything but what could pass for a field of a good challenge: its version, or an amount in digits. */
const junkValue = fc
  .option(fc.jsonValue(), { nil: undefined })
  .filter((value) => value !== 2 && !(typeof value === "string" && /^\d+$/.test(value)));

/** A good challenge in which one field of the message or of its only entry is junk or gone. */
const mutilated = fc
  .tuple(
    fc.constantFrom(
      "x402Version",
      "resource",
      "accepts",
      "scheme",
      "network",
      "amount",
      "asset",
      "payTo",
      "extra",
    ),
    junkValue,
  )
  .map(([field, value]) => {
    const good = challengeWith(goodEntry);
    return field in good
      ? { ...good, [field]: value }
      : { ...good, accepts: [{ ...goodEntry, [field]: value }] };
  });

const visible = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
});

test("junk in PAYMENT-REQUIRED is never signed and always a PaymentError", async () => {
  const junk = fc.oneof(
    visible,
    fc.uint8Array().map((bytes) => Buffer.from(bytes).toString("base64")),
    fc.jsonValue().map(toBase64Json),
    mutilated.map(toBase64Json),
  );
  await fc.assert(
    fc.asyncProperty(junk, async (text) => {
      header = text;
      body = "";
      await expectRefusal();
    }),
    { numRuns: 400 },
  );
});

/** A good v1 challenge in which one field of its only entry is junk or gone. */
const mutilatedV1 = fc
  .tuple(fc.constantFrom("scheme", "network", "maxAmountRequired", "asset", "payTo", "extra"), junkValue)
  .map(([field, value]) => ({ x402Version: 1, error: "", accepts: [{ ...goodEntryV1, [field]: value }] }));

test("junk in the body of a 402 without the header is never signed and always a PaymentError", async () => {
  const junk = fc.oneof(
    visible,
    fc.jsonValue().map((value) => JSON.stringify(value)),
    mutilatedV1,
  );
  await fc.assert(
    fc.asyncProperty(junk, async (sent) => {
      header = undefined;
      body = sent;
      await expectRefusal();
    }),
    { numRuns: 200 },
  );
});

async function expectRefusal(): Promise<void> {
  let signed = 0;
  const signTypedData = async () => {
    signed += 1;
    return "0x00" as const;
  };
  const signer = { address: namedAccounts.payer.address, signTypedData };
  await expect(pay(seller.origin, { signer })).rejects.toBeInstanceOf(PaymentError);
  expect(signed).toBe(0);
}
