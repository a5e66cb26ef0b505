import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { judgePeer } from "./testing/judge-peer.ts";

test("the official extensions hold their rules; ids are announced and not used", async () => {
  const folder = await mkdtemp(join(tmpdir(), "x402-assay-peer-"));
  try {
    const only = "seller.{extensions,identifier,bazaar,offer-receipt,sign-in,challenge}.*";
    const { cases } = await judgePeer("extended-seller.ts", "x402@2", join(folder, "report.json"), [
      "--only",
      only,
    ]);
    const notPassed = cases.filter(({ status }) => status !== "pass");
    expect(notPassed.map(({ id, status }) => `${id}: ${status}`).toSorted()).toEqual([
      "seller.challenge.is-exposed-to-pages: not-applicable",
      "seller.challenge.preflight-lets-pages-pay: not-applicable",
      // The package's server side takes no notice of ids (dist/esm/chunk-73HCOE6N.mjs:208-212): nothing of what they do
      // can be asked of it.
      "seller.identifier.lost-answer-leaves-a-way-back: not-applicable",
      "seller.identifier.of-other-characters: not-applicable",
      "seller.identifier.other-payment-is-a-conflict: not-applicable",
      "seller.identifier.other-payments-at-once: not-applicable",
      "seller.identifier.repeated-answer-has-the-receipt: not-applicable",
      "seller.identifier.required-and-missing: not-applicable",
      "seller.identifier.required-and-only-echoed: not-applicable",
      "seller.identifier.same-payment-at-once: not-applicable",
      "seller.identifier.same-payment-gets-its-answer: not-applicable",
      "seller.identifier.that-differ-at-the-end: not-applicable",
      "seller.identifier.that-differ-in-case: not-applicable",
      "seller.identifier.too-long: not-applicable",
      "seller.identifier.too-short: not-applicable",
      "seller.offer-receipt.receipts-name-the-transfer: not-applicable",
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
