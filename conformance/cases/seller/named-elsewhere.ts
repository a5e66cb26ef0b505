import { randomUUID } from "node:crypto";
import { Finding, type JsonObject, Unproven, withIdentifier } from "../../engine/index.ts";
import {
  type ApiRequest,
  type Case,
  type Check,
  defineCase,
  type Observed,
  type PaymentChange,
  provided,
  rewrapped,
  servedAndCharged,
  settled,
  type Trader,
  trying,
  turnedAway,
} from "../../engine/seller/index.ts";
import { buyNamed } from "./payment-identifier.ts";
import { soldElsewhere, soldWithAnotherQuery } from "./sold.ts";
import { objectAt } from "./spellings.ts";

const key = "payment-identifier";

/** A payment that an id calls to mind, presented with another request than the one that it bought. */
export const namedElsewhereCases: readonly Case[] = [
  defineCase({
    id: "seller.identifier.other-query",
    requirement: "S-RPL-01",
    title: "A settled payment under its id buys nothing more on the same route with another query",
    control: buyNamed,
    probe: async (t) => buysNothingElsewhere(t, await soldWithAnotherQuery(t)),
  }),
  defineCase({
    id: "seller.identifier.other-route-at-the-same-price",
    requirement: "S-RPL-01",
    title: "A settled payment under its id buys nothing more on another route that costs the same",
    control: buyNamed,
    probe: async (t) => {
      const { amount } = await t.prepare();
      await buysNothingElsewhere(t, await soldElsewhere(t, "the same", (other) => other === amount));
    },
  }),
];

/**
 * Sellers may hold a payment against what it says that it is for, so it is tried naming no resource, where they take
 * that, and naming the one that is asked for, with its terms.
 */
async function buysNothingElsewhere(t: Trader, other: ApiRequest): Promise<void> {
  const unbound = await t.buy(namedAlone(({ resource: _, ...envelope }) => envelope)).done();
  if (unbound.answer.status < 300) {
    await provided(servedAndCharged)(unbound);
    await t
      .resend(t.lastPayment, other)
      .expect(trying("naming no resource", nothingNew(unbound)))
      .done();
  }
  const resource = await resourceOf(t, other);
  const { entry: accepted } = await t.prepare({}, other);
  const bound = await t.buy(namedAlone()).expect(provided(servedAndCharged)).done();
  const readdressed = rewrapped(t.lastPayment, (envelope) => ({ ...envelope, resource, accepted }));
  await t
    .resend(readdressed, other)
    .expect(trying("naming the other resource and its terms", nothingNew(bound)))
    .done();
}

/** A payment under an id that echoes no other extension: what those say may differ from request to request. */
function namedAlone(change: (envelope: JsonObject) => JsonObject = (envelope) => envelope): PaymentChange {
  const id = `assay_${randomUUID()}`;
  return {
    envelope: (honest) => {
      const extensions = { [key]: objectAt(objectAt(honest, "extensions"), key) };
      return withIdentifier({ ...change(honest), extensions }, id);
    },
  };
}

/** Refused, or the answer that was bought, and nothing is charged. */
function nothingNew(first: Observed): Check {
  return async (observed) => {
    const { answer } = observed;
    if (answer.status >= 300) return turnedAway(observed);
    await settled(0)(observed);
    if (answer.body === first.answer.body) return;
    throw new Finding(
      "The payment bought something else once more.",
      `a refusal, or ${JSON.stringify(first.answer.body.slice(0, 200))}`,
      JSON.stringify(answer.body.slice(0, 200)),
    );
  };
}

async function resourceOf(t: Trader, request: ApiRequest) {
  const { answer } = await t.ask(request).done();
  const reading = t.dialect.readChallenge(answer);
  if (reading.stage !== "object") throw new Unproven(`There is no readable challenge: ${reading.problem}.`);
  return objectAt(reading.challenge, "resource");
}
