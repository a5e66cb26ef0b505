import {
  type Case,
  defineCase,
  defineFormCase,
  everyAuthorization,
  everyEnvelope,
  everyRetry,
  isSignedUnder,
  paidOnce,
  providedItPays,
  refusesOr,
  signedAtMost,
  signedNothing,
  signedOnce,
  signedTheTerms,
} from "../../engine/client/index.ts";
import { describeJson, Finding, field } from "../../engine/index.ts";

import { endsWithin } from "./authorization.ts";
import { lookAlike, order } from "./decoys.ts";
import { noPaymentForOtherTokens } from "./known-tokens.ts";
import { leavesTheFirst } from "./skipped-entries.ts";

const protocol = "x402@1";

/** How a v1 challenge is read, and what a v1 shop receives. */
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
        everyAuthorization(async (authorization, observed) => {
          const { tokenDomain, chainId, asset } = observed;
          await isSignedUnder(authorization, { ...tokenDomain, chainId, verifyingContract: asset }, observed);
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
    id: "client.v1.dear-then-cheap",
    requirement: "C-SEC-06",
    protocol,
    title: "Before a cheap v1 entry, one of a million dollars is never signed",
    probe: (t) =>
      t
        .sells({
          asks: { accepts: (entry) => [{ ...entry, maxAmountRequired: "1000000000000" }, entry] },
        })
        .expect(signedAtMost(1_000n)),
  }),
  defineCase({
    id: "client.v1.order-in-description",
    requirement: "C-SEC-04",
    protocol,
    title: "An order in the description of a v1 entry changes nothing about what is signed",
    probe: (t) =>
      t
        .sells({ asks: { entry: (entry) => ({ ...entry, description: order, mimeType: order }) } })
        .expect(refusesOr(signedTheTerms), signedOnce),
  }),
  defineCase({
    id: "client.v1.other-version",
    requirement: "C-CH-05",
    protocol,
    title: "A body of an unknown x402 version is not paid",
    probe: (t) =>
      t
        .sells({ asks: { challenge: (challenge) => ({ ...challenge, x402Version: 3 }) } })
        .expect(signedNothing),
  }),
  defineCase({
    id: "client.v1.unknown-fields",
    requirement: "C-SET-04",
    protocol,
    title: "Fields that nobody knows in a v1 challenge keep no client from paying",
    probe: (t) =>
      t
        .sells({
          asks: {
            entry: (entry) => ({ ...entry, loyalty: { points: 3 } }),
            challenge: (challenge) => ({ ...challenge, requestId: "4711" }),
          },
        })
        .expect(paidOnce),
  }),
  defineCase({
    id: "client.v1.unknown-scheme-first",
    requirement: "C-CH-07",
    protocol,
    title: "A first v1 entry of an unknown scheme is skipped, and the next is paid",
    probe: (t) =>
      t
        .sells({
          asks: { accepts: (entry) => [{ ...entry, scheme: "barter", maxAmountRequired: "900" }, entry] },
        })
        .expect(leavesTheFirst("of an unknown scheme"), paidOnce),
  }),
  defineCase({
    id: "client.v1.look-alike-asset",
    requirement: "C-PAY-23",
    protocol,
    title: "Another token that calls itself USDC is not paid, in v1 either",
    probe: (t) =>
      t
        .sells({ asks: { entry: (entry) => ({ ...entry, asset: lookAlike(field(entry, "asset")) }) } })
        .expect(noPaymentForOtherTokens),
  }),
  defineCase({
    id: "client.v1.valid-in-time",
    requirement: "C-PAY-12",
    protocol,
    title: "An authorization for a v1 shop ends when maxTimeoutSeconds say",
    probe: (t) =>
      t
        .sells({ asks: { entry: (entry) => ({ ...entry, maxTimeoutSeconds: 30 }) } })
        .expect(providedItPays, everyAuthorization(endsWithin(30n))),
  }),
];
