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

const nowhere = () => "http://127.0.0.1:1";

test("a request that no seller has is told at once", () => {
  const requests = { paid: "GET /weather", invlid: "GET /" };
  expect(() => conformance.seller({ start: nowhere, requests })).toThrow(
    "There is no request requests.invlid. Did you mean invalid?",
  );
});

test.each([
  ["seller", () => conformance.seller({ start: nowhere, requests: { paid: "GET /" }, ...{ onyl: [] } })],
  ["client", () => conformance.client({ fetch: () => fetch, ...{ onyl: [] } })],
  ["facilitator", () => conformance.facilitator({ start: nowhere, ...{ onyl: [] } })],
])("an option that the %s suite does not have is told at once", (_, register) => {
  expect(register).toThrow("There is no option onyl. Did you mean only?");
});

test("a selection that leaves nothing is told at once", () => {
  const requests = { paid: "GET /weather" };
  expect(() => conformance.seller({ start: nowhere, requests, only: ["client.*"] })).toThrow(
    "No case of the seller suite is left to run.",
  );
  expect(() => conformance.seller({ start: nowhere, requests, only: ["nothing.*"] })).toThrow(
    "No case is called nothing.*.",
  );
});
