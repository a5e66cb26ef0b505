import { privateKeyToAccount } from "viem/accounts";
import { expect, test } from "vitest";
import { payingFetch, startFacilitator, startSeller, usdcDomain } from "#sandbox";
import { conformance } from "./index.ts";

/* What a user's test files do, with the reference programs: every test here is a case. */

conformance.seller({
  start: async ({ facilitatorUrl, payTo, network, asset }) => {
    const seller = await startSeller({ facilitatorUrl, payTo, network, asset, domain: usdcDomain });
    return { url: seller.url, stop: () => seller.stop() };
  },
  requests: { paid: "GET /weather?city=Berlin", invalid: "GET /weather", free: "GET /free" },
  only: ["seller.challenge.*", "seller.replay.same-payment-twice", "seller.validate.*"],
});

conformance.client({
  fetch: ({ privateKey }) => payingFetch({ signer: privateKeyToAccount(privateKey) }),
  only: ["client.payment.*"],
});

conformance.facilitator({
  start: async ({ rpcUrl, privateKey }) => {
    const facilitator = await startFacilitator({ rpcUrl, privateKey });
    return { url: facilitator.url, stop: () => facilitator.stop() };
  },
  only: ["facilitator.api.*"],
});

test("a request that no seller has is told at once", () => {
  const requests = { paid: "GET /weather", invlid: "GET /" };
  expect(() => conformance.seller({ start: () => "http://127.0.0.1:1", requests })).toThrow(
    "There is no request requests.invlid.",
  );
});

test("a selection that leaves nothing is told at once", () => {
  const requests = { paid: "GET /weather" };
  expect(() =>
    conformance.seller({ start: () => "http://127.0.0.1:1", requests, only: ["nothing.*"] }),
  ).toThrow("No case of the seller suite is left to run.");
});
