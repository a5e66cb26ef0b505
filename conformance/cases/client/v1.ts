import {
  asksAgain,
  type Case,
  defineCase,
  defineFormCase,
  delivers,
  everyAuthorization,
  everyEnvelope,
  everyRetry,
  fails,
  hangsUp,
  isSignedUnder,
  showed,
  signedNothing,
  signedOnce,
  stopped,
} from "../../engine/client/index.ts";
import { describeJson, Finding, field } from "../../engine/index.ts";

const protocol = "x402@1";

/** The same for shops that speak x402 v1. */
export const v1Cases: readonly Case[] = [
  defineFormCase({
    id: "client.v1.payment",
    requirement: "C1-01",
    protocol,
    title: "A v1 shop gets X-PAYMENT with version, scheme, network and payload",
    probe: (t) =>
      t.sellsHonestly().expect(
        everyEnvelope((envelope, { offered: [entry] }) => {
          const { payload, ...rest } = envelope;
          const expected = { x402Version: 1, scheme: "exact", network: field(entry, "network") };
          for (const [key, value] of Object.entries(expected)) {
            if (field(rest, key) === value) continue;
            throw new Finding(
              "The payment is not one of v1.",
              `${key}: ${value}`,
              describeJson(field(rest, key)),
            );
          }
          if (payload === undefined) throw new Finding("The payment has no payload.", "a payload", "none");
        }),
      ),
  }),
  defineFormCase({
    id: "client.v1.value",
    requirement: "C1-02",
    protocol,
    title: "The signed value is maxAmountRequired",
    probe: (t) =>
      t.sellsHonestly().expect(
        everyAuthorization(({ value }, { price }) => {
          if (value !== price) throw new Finding("Another value is signed.", `${price}`, `${value}`);
        }),
      ),
  }),
  defineFormCase({
    id: "client.v1.one-header",
    requirement: "C-PAY-28",
    protocol,
    title: "A v1 shop gets no PAYMENT-SIGNATURE",
    probe: (t) =>
      t.sellsHonestly().expect(
        everyRetry(({ payments }) => {
          if (payments.every((payment) => payment.protocol === protocol)) return;
          throw new Finding("A payment comes in the other version.", "X-PAYMENT only", "PAYMENT-SIGNATURE");
        }),
      ),
  }),
  defineFormCase({
    id: "client.v1.domain",
    requirement: "C-PAY-14",
    protocol,
    title: "The authorization for a v1 shop is signed for the token, and the chain that the name means",
    probe: (t) =>
      t.sellsHonestly().expect(
        everyAuthorization(async (authorization, { tokenDomain, chainId, asset }) => {
          await isSignedUnder(authorization, { ...tokenDomain, chainId, verifyingContract: asset });
        }),
      ),
  }),
  defineCase({
    id: "client.v1.not-json",
    requirement: "C1-01",
    protocol,
    title: "A v1 challenge that is not JSON is not paid",
    probe: (t) => t.sells({ asks: { json: (text) => text.slice(0, -1) } }).expect(signedNothing),
  }),
  defineCase({
    id: "client.v1.absurd-price",
    requirement: "C-PAY-22",
    protocol,
    title: "A price of a million dollars is not paid unasked, in v1 either",
    probe: (t) =>
      t
        .sells({ asks: { entry: (entry) => ({ ...entry, maxAmountRequired: "1000000000000" }) } })
        .expect(signedNothing),
  }),
  defineCase({
    id: "client.v1.endless-402",
    requirement: "C-PAY-20",
    protocol,
    title: "A client that a v1 shop asks again and again signs once, and stops",
    probe: (t) => t.sells({ answers: [asksAgain()] }).expect(signedOnce, stopped),
  }),
  defineCase({
    id: "client.v1.after-503",
    requirement: "C-SEC-02",
    protocol,
    title: "After a 503 of a v1 shop that took the payment, no second one is signed",
    probe: (t) => t.sells({ answers: [fails(503, { takesMoney: true }), delivers()] }).expect(signedOnce),
  }),
  defineCase({
    id: "client.v1.lost-answer",
    requirement: "C-PAY-25",
    protocol,
    title: "After a connection that broke when a v1 shop took the payment, no second one is signed",
    probe: (t) => t.sells({ answers: [hangsUp({ takesMoney: true }), delivers()] }).expect(signedOnce),
  }),
  defineCase({
    id: "client.v1.no-receipt",
    requirement: "C-SET-03",
    protocol,
    title: "Without a receipt of a v1 shop, the content reaches the caller",
    needs: ["shows-content"],
    probe: (t) =>
      t
        .sells({ answers: [delivers({ receipt: () => undefined })] })
        .expect(showed("the content", ({ content }) => content)),
  }),
];
